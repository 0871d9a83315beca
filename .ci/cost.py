"""Writes the tables of docs/cost.md from docs/amounts.csv and docs/prices.csv. Put your Region's prices into the latter and run it:

    python3 .ci/cost.py            writes docs/cost.md
    python3 .ci/cost.py --check    fails if it is not what it would write
"""

import ast
import csv
import operator
import re
import sys
from pathlib import Path

DOCS = Path(__file__).resolve().parent.parent / "docs"
MARK = re.compile(r"(<!-- table: ([a-z-]+) -->\n).*?(<!-- end -->)", re.DOTALL)
OPERATORS = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv}


def number(formula):
    """The value of a formula of numbers and + - * / ( ), and of nothing else."""

    def value(node):
        if isinstance(node, ast.Constant) and isinstance(node.value, (int, float)):
            return node.value
        if isinstance(node, ast.BinOp) and type(node.op) in OPERATORS:
            return OPERATORS[type(node.op)](value(node.left), value(node.right))
        raise ValueError(f"not a formula of numbers: {formula}")

    return value(ast.parse(formula, mode="eval").body)


def read(name):
    with open(DOCS / name, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def table(lines, prices):
    """Rows of Markdown with the total of what has a price, and how many lines have none."""
    rows = ["| line | amount | price of one | dollars | how it comes to that |", "|---|---|---|---|---|"]
    total, without_price = 0.0, 0
    for line in lines:
        price = prices[line["price"]]
        amount = number(line["amount"])
        if price["dollars"]:
            dollars = amount * float(price["dollars"])
            total += dollars
            shown = [price["dollars"], f"{dollars:,.2f}"]
        else:
            without_price += 1
            shown = ["*not sourced*", ""]
        unit = re.sub(r" \(.*", "", price["unit"])
        rows.append(f"| {line['line']} | {amount:,.6g} × {unit} | {shown[0]} | {shown[1]} | {line['how it comes to that']} |")
    rest = f" and {without_price} without a price" if without_price else ""
    rows.append(f"| **together**{rest} | | | **{total:,.2f}** | |")
    return "\n".join(rows)


def price_table(prices):
    rows = ["| dollars | for a | Region | as of | source |", "|---|---|---|---|---|"]
    rows += [
        f"| {p['dollars'] or '*not sourced*'} | {p['unit']} | {p['region']} | {p['read']} | {p['source']} |" for p in prices
    ]
    return "\n".join(rows)


def written(text, amounts, prices):
    by_id = {price["id"]: price for price in prices}

    def fill(mark):
        name = mark.group(2)
        if name == "prices":
            return mark.group(1) + price_table(prices) + "\n" + mark.group(3)
        lines = [line for line in amounts if line["table"] == name]
        if not lines:
            raise ValueError(f"docs/amounts.csv has no table {name}")
        return mark.group(1) + table(lines, by_id) + "\n" + mark.group(3)

    return MARK.sub(fill, text)


def main(arguments):
    document = DOCS / "cost.md"
    text = document.read_text(encoding="utf-8")
    fresh = written(text, read("amounts.csv"), read("prices.csv"))
    if "--check" in arguments:
        if fresh != text:
            sys.exit("docs/cost.md is not what its prices give: run python3 .ci/cost.py")
        return
    document.write_text(fresh, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
