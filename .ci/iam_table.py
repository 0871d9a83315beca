"""Who may do what: a table of every policy in sam/, from the templates as SAM transforms them, in docs/iam.md.

    iam_table.py            writes docs/iam.md
    iam_table.py --check    fails if docs/iam.md is out of date

Both fail on an action with a wildcard, and on a resource with a wildcard that nobody has explained in REASONS.
Runs in the environment of aws-sam-cli, whose translator it uses.
"""

import logging
import os
import pathlib
import re
import sys

from samcli.yamlhelper import yaml_parse
from samtranslator.translator.transform import transform

ROOT = pathlib.Path(__file__).resolve().parent.parent
DOCUMENT = ROOT / "docs" / "iam.md"
TEMPLATES = ["template.yaml", "database.yaml", "network.yaml", "alarms.yaml", "stack.yaml"]

# Why a resource is not narrower, by who may and what: a statement is explained when every action of it is.
NO_NARROWER = "the action knows no narrower resource"
THIS_KEY = "in a key's own policy it stands for that key"
REASONS = {
    ("CancelOrderWorkflowRole", r"logs:.*LogDeliver(y|ies)|logs:PutResourcePolicy|logs:DescribeResourcePolicies"
                                r"|logs:DescribeLogGroups"): NO_NARROWER,
    ("CancelOrderWorkflowRole", r"xray:.*"): NO_NARROWER,
    (".*Key", r"kms:.*"): THIS_KEY,
    ("ExportHeadsFunctionRole", r"s3:(PutObject|GetObjectVersion|ListBucketVersions)"): "the heads, whose names follow from their sizes",
    ("(Write|Read)(Orders|History)Policy", r"execute-api:Invoke"): "the star is an order's ID; for callers that you give the policy to",
    ("ListOrdersApiPermission", r"lambda:InvokeFunction"): "GET /orders and what is below it, on one stage",
    ("ReadRequestsApiPermission", r"lambda:InvokeFunction"): "the star is a request's ID, on one stage",
    ("S3Endpoint", r"s3:(GetObject|GetObjectVersion|PutObject|ListBucket|ListBucketVersions|GetBucketObjectLockConfiguration)"):
        "bounds what roles may do, and grants nothing; buckets of this account, and those by which CloudFormation takes answers, "
        "whose names differ by Region",
    ("SqsEndpoint", r"sqs:.*"): "bounds what roles may do, and grants nothing; queues of this account and Region",
    ("EventsEndpoint", r"events:.*"): "bounds what roles may do, and grants nothing; buses of this account and Region",
    ("KmsEndpoint", r"kms:.*"): "bounds what roles may do, and grants nothing; keys of this account and Region",
}
MANAGED = {
    "AWSLambdaENIManagementAccess": "network interfaces in the VPC; EC2 knows no narrower resource when Lambda makes them",
    "AWSXRayDaemonWriteAccess": "traces; X-Ray knows no narrower resource",
    "AmazonAPIGatewayPushToCloudWatchLogs": "access logs of the account's APIs; the setting is the account's",
}


class Unacceptable(Exception):
    """A policy that allows more than anybody has given a reason for."""


class NoManagedPolicies:
    """SAM asks for the names of AWS's policies; our templates give ARNs."""

    @staticmethod
    def load():
        return {}


def transformed(path):
    template = yaml_parse(path.read_text(encoding="utf-8"))
    for resource in template["Resources"].values():
        properties = resource.get("Properties", {})
        if resource["Type"] == "AWS::Serverless::StateMachine":
            properties["DefinitionUri"] = "s3://bucket/definition"
        if resource["Type"] == "AWS::Serverless::Application":
            properties["Location"] = "https://bucket.s3.amazonaws.com/template"
        if "CodeUri" in properties:
            properties["CodeUri"] = "s3://bucket/code"
    shared = template.get("Globals", {}).get("Function", {})
    if "CodeUri" in shared:
        shared["CodeUri"] = "s3://bucket/code"
    return transform(template, {}, NoManagedPolicies())


def text(value):
    """A value of the template, as a reader of the table wants to see it."""
    if isinstance(value, list):
        return ", ".join(text(item) for item in value)
    if not isinstance(value, dict):
        return str(value)
    if len(value) == 1:
        function, argument = next(iter(value.items()))
        if function == "Ref":
            return f"${{{argument}}}"
        if function == "Fn::GetAtt":
            return "${" + ".".join(argument if isinstance(argument, list) else [argument]) + "}"
        if function == "Fn::Sub":
            return text(argument[0] if isinstance(argument, list) else argument)
        if function == "Fn::If":
            return f"{text(argument[1])} or {text(argument[2])}"
    return "; ".join(f"{key} {text(item)}" for key, item in sorted(value.items()))


def listed(value):
    return value if isinstance(value, list) else [value]


def policies(resources):
    """(logical ID, kind, statements) of every policy; kind says whose rights they are."""
    for name, resource in sorted(resources.items()):
        properties = resource.get("Properties", {})
        kind = resource["Type"]
        if kind == "AWS::IAM::Role":
            for policy in properties.get("Policies", []):
                yield name, "role", listed(policy["PolicyDocument"]["Statement"])
        elif kind in ("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy"):
            yield name, "role", listed(properties["PolicyDocument"]["Statement"])
        elif kind == "AWS::Lambda::Permission":
            statement = {"Effect": "Allow", "Principal": {"Service": properties["Principal"]}, "Action": properties["Action"],
                         "Resource": properties["FunctionName"]}
            if "SourceArn" in properties:
                statement["Condition"] = {"ArnLike": {"AWS:SourceArn": properties["SourceArn"]}}
            yield name, "resource", [statement]
        elif kind == "AWS::Events::EventBusPolicy":
            yield name, "resource", listed(properties["Statement"])
        else:
            for field in ("PolicyDocument", "KeyPolicy", "Policy", "ResourcePolicy"):
                if isinstance(properties.get(field), dict) and "Statement" in properties[field]:
                    yield name, "resource", listed(properties[field]["Statement"])


def reason(name, actions, used):
    found = []
    for action in actions:
        for key, why in REASONS.items():
            if re.fullmatch(key[0], name) and re.fullmatch(key[1], action):
                used.add(key)
                found.append(why)
                break
        else:
            return None
    return "; ".join(dict.fromkeys(found))


def row(name, statement, used):
    actions = sorted(listed(statement.get("Action", [])))
    if not actions or "NotAction" in statement or "NotResource" in statement or "NotPrincipal" in statement:
        raise Unacceptable(f"{name}: says what it does not mean, where it must name what it means: {statement}")
    allows = statement["Effect"] == "Allow"
    if allows and any("*" in action for action in actions):
        raise Unacceptable(f"{name}: an action with a wildcard: {actions}")
    resources = text(statement.get("Resource", "itself"))
    condition = text(statement["Condition"]) if "Condition" in statement else ""
    why = ""
    if allows and any(wildcard in resources + condition for wildcard in "*?"):
        why = reason(name, actions, used)
        if why is None:
            raise Unacceptable(f"{name}: a resource with a wildcard that REASONS does not explain: {actions} on {resources}")
    principal = text(statement["Principal"]) if "Principal" in statement else ""
    return statement["Effect"], principal, ", ".join(actions), resources, condition, why


def cells(*values):
    return "| " + " | ".join(value.replace("|", "\\|").replace("\n", " ") for value in values) + " |"


def roles_of(resources):
    """For each role the functions and other resources that have it."""
    users = {}
    for name, resource in resources.items():
        for field in ("Role", "RoleArn", "CloudWatchRoleArn"):
            for value in (resource.get("Properties", {}).get(field), resource.get("Properties", {}).get("Target", {}).get(field)
                          if isinstance(resource.get("Properties", {}).get("Target"), dict) else None):
                if isinstance(value, dict) and "Fn::GetAtt" in value:
                    users.setdefault(listed(value["Fn::GetAtt"])[0].split(".")[0], []).append(name)
    return users


def document(templates):
    """The page for {file name: transformed template}."""
    used = set()
    lines = [
        "# Who may do what",
        "",
        "Every policy in [sam/](../sam), from the templates as SAM transforms them. Written by `.ci/iam_table.py`; do not edit it by hand.",
        "The gate fails when it is out of date, when an action has a wildcard, and when a resource has one without a reason.",
        "`dbuser` resources are logins of the database: what these may do there is in",
        "[privileges.txt](../ledger/src/test/resources/privileges.txt).",
    ]
    for file, template in templates.items():
        resources = template["Resources"]
        users = roles_of(resources)
        own = [(name, row(name, statement, used))
               for name, kind, statements in policies(resources) if kind == "role" for statement in statements]
        managed = {}
        for name, resource in sorted(resources.items()):
            if resource["Type"] == "AWS::IAM::Role":
                for arn in resource["Properties"].get("ManagedPolicyArns", []):
                    managed.setdefault(text(arn).rsplit("/", 1)[-1], []).extend(users.get(name, [name]))
        lent = [(name, row(name, statement, used))
                for name, kind, statements in policies(resources) if kind == "resource" for statement in statements]
        if own or managed:
            lines += ["", f"## Roles in {file}", "", cells("who", "may", "on", "if", "why no narrower"), cells(*["---"] * 5)]
            for name, (effect, _, actions, resource, condition, why) in own:
                who = ", ".join(sorted(users.get(name, []))) or name
                lines.append(cells(who, actions if effect == "Allow" else f"not: {actions}", resource, condition, why))
            for policy, names in sorted(managed.items()):
                if policy not in MANAGED:
                    raise Unacceptable(f"{names}: AWS's policy {policy} without a reason in MANAGED")
                lines.append(cells(", ".join(sorted(names)), f"AWS's policy {policy}", "`*`", "", MANAGED[policy]))
        if lent:
            lines += ["", f"## What resources in {file} let others do", "",
                      cells("resource", "lets", "do", "on", "if", "why no narrower"), cells(*["---"] * 6)]
            for name, (effect, principal, actions, resource, condition, why) in lent:
                lines.append(cells(name, principal if effect == "Allow" else f"nobody ({principal})", actions, resource, condition, why))
    return "\n".join(lines) + "\n", used


def main(arguments):
    # The translator asks which Region it is in, and logs what does not concern us.
    os.environ.setdefault("AWS_DEFAULT_REGION", "us-east-1")
    logging.disable(logging.CRITICAL)
    try:
        page, used = document({file: transformed(ROOT / "sam" / file) for file in TEMPLATES})
        if unused := set(REASONS) - used:
            raise Unacceptable(f"reasons for what is not there any more: {sorted(unused)}")
    except Unacceptable as problem:
        print(f"sam/: {problem}", file=sys.stderr)
        return 1
    if arguments == ["--check"]:
        if not DOCUMENT.exists() or DOCUMENT.read_text(encoding="utf-8") != page:
            print("docs/iam.md is out of date: run .ci/iam_table.py", file=sys.stderr)
            return 1
        return 0
    DOCUMENT.write_text(page, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
