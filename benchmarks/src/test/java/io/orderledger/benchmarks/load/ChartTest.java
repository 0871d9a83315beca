package io.orderledger.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

class ChartTest {

    @Test
    void draws_each_line_within_its_panel_and_leaves_out_what_is_no_number() throws Exception {
        String svg = new Chart("a < b & c")
                .panel(
                        "one",
                        List.of(0.0, 1.0, 2.0),
                        new Chart.Line("p50", List.of(1.0, Double.NaN, 3.0)),
                        new Chart.Line("p99", List.of(4.0, 5.0, 180.0)))
                .panel("nothing", List.of(), new Chart.Line("p50", List.of()))
                .svg();

        Document document = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));

        var lines = document.getElementsByTagName("polyline");
        assertThat(lines.getLength()).isEqualTo(3);
        assertThat(points(lines.item(0))).hasSize(2);
        assertThat(points(lines.item(1))).hasSize(3).allSatisfy(point -> {
            double x = Double.parseDouble(point.substring(0, point.indexOf(',')));
            double y = Double.parseDouble(point.substring(point.indexOf(',') + 1));
            assertThat(x).isBetween(70.0, 940.0);
            assertThat(y).isBetween(44.0, 300.0);
        });
        assertThat(points(lines.item(2))).isEmpty();
        assertThat(document.getElementsByTagName("text").item(0).getTextContent())
                .isEqualTo("a < b & c");
    }

    private static List<String> points(Node line) {
        String points = ((Element) line).getAttribute("points");
        return points.isEmpty() ? List.of() : List.of(points.split(" ", -1));
    }
}
