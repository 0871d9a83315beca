"""What SAM's translator makes of sam/template.yaml when a parameter has another value: the versions that aliases are moved to."""

import os
import unittest

os.environ.setdefault("AWS_DEFAULT_REGION", "eu-central-1")

import iam_table


def versions(prefix):
    """The functions' versions by logical ID, with the parameter's value put in, as AWS::LanguageExtensions does before SAM looks."""

    def put_in(value):
        if value == {"Ref": "HeadPrefix"}:
            return prefix
        if isinstance(value, dict):
            return {key: put_in(item) for key, item in value.items()}
        if isinstance(value, list):
            return [put_in(item) for item in value]
        return value.replace("${HeadPrefix}", prefix) if isinstance(value, str) else value

    parse = iam_table.yaml_parse
    iam_table.yaml_parse = lambda text: put_in(parse(text))
    try:
        resources = iam_table.transformed(iam_table.ROOT / "sam" / "template.yaml")["Resources"]
    finally:
        iam_table.yaml_parse = parse
    return {name for name, resource in resources.items() if resource["Type"] == "AWS::Lambda::Version"}


class Versions(unittest.TestCase):
    def test_another_value_of_a_parameter_gives_a_new_version_of_the_function_that_uses_it_and_of_no_other(self):
        before, after = versions("heads"), versions("others")
        self.assertGreater(len(before), 7)
        self.assertEqual(before, versions("heads"))
        self.assertEqual([name[:len("ExportHeadsFunction")] for name in after - before], ["ExportHeadsFunction"])

    def test_the_template_has_values_put_in_before_sam_looks(self):
        with open(iam_table.ROOT / "sam" / "template.yaml", encoding="utf-8") as template:
            transforms = iam_table.yaml_parse(template.read())["Transform"]
        self.assertEqual(transforms, ["AWS::LanguageExtensions", "AWS::Serverless-2016-10-31"])


if __name__ == "__main__":
    unittest.main()
