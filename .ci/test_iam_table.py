"""The table of policies refuses what it promises to refuse."""

import unittest

import iam_table


def role(action, resource, **more):
    statement = {"Effect": "Allow", "Action": action, "Resource": resource, **more}
    return {"template.yaml": {"Resources": {"SomeRole": {
        "Type": "AWS::IAM::Role",
        "Properties": {"Policies": [{"PolicyName": "Some", "PolicyDocument": {"Statement": [statement]}}]},
    }}}}


class IamTableTest(unittest.TestCase):
    def test_lists_who_may_do_what_on_what(self):
        templates = role("sqs:SendMessage", {"Fn::GetAtt": ["Queue", "Arn"]})
        templates["template.yaml"]["Resources"]["Sender"] = {
            "Type": "AWS::Lambda::Function", "Properties": {"Role": {"Fn::GetAtt": ["SomeRole", "Arn"]}}}
        page, _ = iam_table.document(templates)
        self.assertIn("| Sender | sqs:SendMessage | ${Queue.Arn} |", page)

    def test_refuses_an_action_with_a_wildcard(self):
        for action in ("*", "sqs:*", ["sqs:SendMessage", "s3:Get*"]):
            with self.assertRaisesRegex(iam_table.Unacceptable, "action with a wildcard"):
                iam_table.document(role(action, {"Ref": "Queue"}))

    def test_refuses_a_resource_with_a_wildcard_that_nobody_explained(self):
        for resource in ("*", ["arn:aws:sqs:::a", "*"], {"Fn::Sub": "${Bucket.Arn}/*"}):
            with self.assertRaisesRegex(iam_table.Unacceptable, "does not explain"):
                iam_table.document(role("sqs:SendMessage", resource))

    def test_refuses_statements_by_what_they_do_not_mean(self):
        for field in ("NotAction", "NotResource", "NotPrincipal"):
            with self.assertRaises(iam_table.Unacceptable):
                iam_table.document(role("sqs:SendMessage", {"Ref": "Queue"}, **{field: "sqs:DeleteQueue"}))

    def test_refuses_policies_of_aws_that_nobody_explained(self):
        templates = role("sqs:SendMessage", {"Ref": "Queue"})
        templates["template.yaml"]["Resources"]["SomeRole"]["Properties"]["ManagedPolicyArns"] = ["arn:aws:iam::aws:policy/AdministratorAccess"]
        with self.assertRaisesRegex(iam_table.Unacceptable, "AdministratorAccess"):
            iam_table.document(templates)

    def test_refuses_an_unexplained_wildcard_in_the_policy_of_a_resource(self):
        templates = {"template.yaml": {"Resources": {"Policy": {"Type": "AWS::SQS::QueuePolicy", "Properties": {"PolicyDocument": {
            "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": "*"}]}}}}}}
        with self.assertRaisesRegex(iam_table.Unacceptable, "does not explain"):
            iam_table.document(templates)


if __name__ == "__main__":
    unittest.main()
