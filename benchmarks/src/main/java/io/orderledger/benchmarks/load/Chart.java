package io.orderledger.benchmarks.load;

import java.util.ArrayList;
import java.util.Formatter;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Lines over time, one panel below the other, as an SVG picture. Not thread-safe. */
final class Chart {
    private static final int WIDTH = 960;
    private static final int PANEL_HEIGHT = 190;
    private static final int LEFT = 70;
    private static final int RIGHT = 20;
    private static final int TOP = 44;
    private static final int PANEL_TOP = 34;
    private static final int PANEL_BOTTOM = 26;
    private static final int GRID_LINES = 4;
    private static final int LEGEND_STEP = 130;
    private static final List<String> COLOURS = List.of("#1f77b4", "#d62728", "#2ca02c", "#9467bd");

    private final String title;
    private final List<Panel> panels = new ArrayList<>();

    /**
     * One line.
     *
     * @param name for the legend
     * @param values one for each time; no number where there is nothing to draw
     */
    record Line(String name, List<Double> values) {
        Line {
            values = List.copyOf(values);
        }
    }

    private record Panel(String title, List<Double> minutes, List<Line> lines) {}

    Chart(String title) {
        this.title = title;
    }

    /** Adds a panel, whose scale begins at 0 and ends above its largest value. */
    Chart panel(String panelTitle, List<Double> minutes, Line... lines) {
        panels.add(new Panel(panelTitle, List.copyOf(minutes), List.of(lines)));
        return this;
    }

    String svg() {
        Formatter svg = new Formatter(Locale.ROOT);
        int height = TOP + panels.size() * (PANEL_TOP + PANEL_HEIGHT + PANEL_BOTTOM);
        svg.format(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\""
                        + " font-family=\"sans-serif\" font-size=\"12\">%n",
                WIDTH, height, WIDTH, height);
        svg.format("<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>%n");
        svg.format("<text x=\"%d\" y=\"24\" font-size=\"15\">%s</text>%n", LEFT, escaped(title));
        int top = TOP;
        for (Panel panel : panels) {
            draw(svg, panel, top + PANEL_TOP);
            top += PANEL_TOP + PANEL_HEIGHT + PANEL_BOTTOM;
        }
        return svg.format("</svg>%n").toString();
    }

    private static void draw(Formatter svg, Panel panel, int top) {
        double highest = round(panel.lines.stream()
                .flatMap(line -> line.values.stream())
                .filter(Double::isFinite)
                .mapToDouble(Double::doubleValue)
                .max()
                .orElse(1));
        double last = Math.max(1e-9, panel.minutes.isEmpty() ? 1 : panel.minutes.getLast());
        svg.format("<text x=\"%d\" y=\"%d\" font-weight=\"bold\">%s</text>%n", LEFT, top - 10, escaped(panel.title));
        for (int i = 0; i <= GRID_LINES; i++) {
            double y = top + PANEL_HEIGHT * (1 - (double) i / GRID_LINES);
            svg.format(
                    "<line x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"#ddd\"/>%n", LEFT, WIDTH - RIGHT, y, y);
            svg.format(
                    "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\" fill=\"#555\">%s</text>%n",
                    LEFT - 6, y + 4, number(highest * i / GRID_LINES));
            svg.format(
                    "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\" fill=\"#555\">%s min</text>%n",
                    LEFT + (WIDTH - LEFT - RIGHT) * (double) i / GRID_LINES,
                    top + PANEL_HEIGHT + 16,
                    number(last * i / GRID_LINES));
        }
        for (int i = 0; i < panel.lines.size(); i++) {
            Line line = panel.lines.get(i);
            String colour = COLOURS.get(i % COLOURS.size());
            svg.format(
                    "<text x=\"%d\" y=\"%d\" text-anchor=\"end\" fill=\"%s\">%s</text>%n",
                    WIDTH - RIGHT - LEGEND_STEP * (panel.lines.size() - 1 - i), top - 10, colour, escaped(line.name));
            svg.format(
                    "<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"1.3\" points=\"%s\"/>%n",
                    colour, points(panel.minutes, line.values, last, highest, top));
        }
    }

    private static String points(List<Double> minutes, List<Double> values, double last, double highest, int top) {
        List<String> points = new ArrayList<>();
        for (int i = 0; i < Math.min(minutes.size(), values.size()); i++) {
            if (Double.isFinite(values.get(i))) {
                points.add(String.format(
                        Locale.ROOT,
                        "%.1f,%.1f",
                        LEFT + (WIDTH - LEFT - RIGHT) * minutes.get(i) / last,
                        top + PANEL_HEIGHT * (1 - values.get(i) / highest)));
            }
        }
        return points.stream().collect(Collectors.joining(" "));
    }

    /** The next 1, 2 or 5 of a power of ten. */
    private static double round(double value) {
        double power = Math.pow(10, Math.floor(Math.log10(Math.max(value, 1e-3))));
        for (double step : new double[] {1, 2, 5}) {
            if (value <= step * power) {
                return step * power;
            }
        }
        return 10 * power;
    }

    private static String number(double value) {
        return value >= 10 || value == Math.rint(value)
                ? String.format(Locale.ROOT, "%,.0f", value)
                : String.format(Locale.ROOT, "%.2f", value);
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
