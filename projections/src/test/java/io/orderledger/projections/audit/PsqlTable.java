package io.orderledger.projections.audit;

import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A result as psql prints it, but for the spaces at the ends of its lines. */
final class PsqlTable {
    private static final Set<Integer> RIGHT_ALIGNED =
            Set.of(Types.SMALLINT, Types.INTEGER, Types.BIGINT, Types.NUMERIC, Types.DOUBLE);

    private PsqlTable() {}

    static String of(ResultSet rows) throws SQLException {
        ResultSetMetaData meta = rows.getMetaData();
        int columns = meta.getColumnCount();
        List<String> names = new ArrayList<>();
        List<Boolean> rightAligned = new ArrayList<>();
        for (int i = 1; i <= columns; i++) {
            names.add(meta.getColumnLabel(i));
            rightAligned.add(RIGHT_ALIGNED.contains(meta.getColumnType(i)));
        }
        List<List<String>> table = new ArrayList<>();
        while (rows.next()) {
            List<String> row = new ArrayList<>();
            for (int i = 1; i <= columns; i++) {
                String value = rows.getString(i);
                row.add(value == null ? "" : value);
            }
            table.add(row);
        }
        return print(names, rightAligned, table);
    }

    private static String print(List<String> names, List<Boolean> rightAligned, List<List<String>> table) {
        StringBuilder header = new StringBuilder();
        StringBuilder rule = new StringBuilder();
        List<StringBuilder> lines =
                table.stream().map(row -> new StringBuilder()).toList();
        for (int i = 0; i < names.size(); i++) {
            int column = i;
            int width = table.stream()
                    .mapToInt(row -> row.get(column).length())
                    .reduce(names.get(i).length(), Math::max);
            String separator = i == 0 ? " " : " | ";
            header.append(separator).append(centred(names.get(i), width));
            rule.append(i == 0 ? "-" : "-+-").append("-".repeat(width));
            for (int line = 0; line < table.size(); line++) {
                String value = table.get(line).get(i);
                String fill = " ".repeat(width - value.length());
                lines.get(line).append(separator).append(rightAligned.get(i) ? fill + value : value + fill);
            }
        }
        StringBuilder printed = new StringBuilder();
        printed.append(header.toString().stripTrailing()).append('\n');
        printed.append(rule).append("-\n");
        lines.forEach(line -> printed.append(line.toString().stripTrailing()).append('\n'));
        return printed.append(table.size() == 1 ? "(1 row)\n" : "(" + table.size() + " rows)\n")
                .toString();
    }

    private static String centred(String name, int width) {
        int left = (width - name.length()) / 2;
        return " ".repeat(left) + name + " ".repeat(width - name.length() - left);
    }
}
