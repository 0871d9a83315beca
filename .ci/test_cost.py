import unittest

import cost

PRICES = [
    {"id": "thing-hour", "dollars": "0.5", "unit": "thing-hour", "region": "x", "read": "2026-01", "source": "s"},
    {"id": "unknown", "dollars": "", "unit": "other", "region": "", "read": "", "source": "not sourced"},
]


def line(amount, price, table="idle"):
    return {"table": table, "line": "L", "amount": amount, "price": price, "how it comes to that": ""}


class CostTest(unittest.TestCase):
    def test_a_formula_is_numbers_and_the_four_operations(self):
        self.assertEqual(cost.number("(3 * 4 + 8) / 2e1"), 1)
        for other in ["__import__('os')", "x", "2 ** 3", "'1'"]:
            with self.assertRaises(ValueError):
                cost.number(other)

    def test_a_total_adds_up_what_has_a_price_and_counts_the_rest(self):
        shown = cost.table([line("730", "thing-hour"), line("2 * 5", "thing-hour"), line("1", "unknown")], dict((p["id"], p) for p in PRICES))
        self.assertIn("| 365.00 |", shown)
        self.assertIn("*not sourced*", shown)
        self.assertIn("| **together** and 1 without a price | | | **370.00** | |", shown)

    def test_only_what_stands_between_the_marks_is_written(self):
        text = "before\n<!-- table: idle -->\nold\n<!-- end -->\nafter\n"
        fresh = cost.written(text, [line("4", "thing-hour")], PRICES)
        self.assertTrue(fresh.startswith("before\n<!-- table: idle -->\n| line |"))
        self.assertTrue(fresh.endswith("| |\n<!-- end -->\nafter\n"))
        self.assertNotIn("old", fresh)
        self.assertEqual(cost.written(fresh, [line("4", "thing-hour")], PRICES), fresh)

    def test_another_price_gives_another_document(self):
        dearer = [dict(PRICES[0], dollars="0.6"), PRICES[1]]
        text = "<!-- table: idle -->\n<!-- end -->"
        self.assertNotEqual(cost.written(text, [line("4", "thing-hour")], PRICES), cost.written(text, [line("4", "thing-hour")], dearer))

    def test_every_line_of_the_document_has_a_price_that_is_listed_with_its_source(self):
        prices = {price["id"]: price for price in cost.read("prices.csv")}
        for amount in cost.read("amounts.csv"):
            self.assertIn(amount["price"], prices)
            self.assertGreaterEqual(cost.number(amount["amount"]), 0)
        for price in prices.values():
            self.assertTrue(price["source"])
            self.assertEqual(bool(price["dollars"]), bool(price["read"]))

    def test_the_alarms_and_endpoints_that_are_counted_are_those_of_the_templates(self):
        sam = cost.DOCS.parent / "sam"
        amounts = {line["line"]: cost.number(line["amount"]) for line in cost.read("amounts.csv")}
        alarms = (sam / "alarms.yaml").read_text().count("Type: AWS::CloudWatch::Alarm\n")
        endpoints = (sam / "network.yaml").read_text().count("VpcEndpointType: Interface\n")
        self.assertEqual(amounts["Alarms"], alarms)
        self.assertEqual(sum(v for k, v in amounts.items() if k.startswith("Interface endpoints")), endpoints * 2 * 730)


if __name__ == "__main__":
    unittest.main()
