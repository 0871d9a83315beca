#!/usr/bin/env python3
"""Looks for secrets in everything that a build wrote about its tests: reports, logs, and the captured output of Maven.

The tests plant what has to stay secret. What is personal of their sample orders is listed here; passwords, tokens and signing keys
are drawn for each run, and the tests note them in target/planted-secrets. Found one is a failure, and so is having nothing to look at.

    secrets_in_logs.py ROOT [FILE ...]     FILEs are looked at as well
"""

import base64
import html
import json
import pathlib
import re
import sys
import urllib.parse

# Of the orders that the tests send: handlers' Messages.order, ledger's TestEvents, local's TestInstance.order.
PERSONAL = (
    "Lee O'Brien",
    "+44 20 7946 0000",
    "lee@example.com",
    "1 High Street",
    "ring twice",
    "arn:aws:iam::111122223333:user/shop",
)
# What no log may hold, whoever drew it.
FORMS = (
    re.compile(r"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----"),
    re.compile(r"[Bb]earer [0-9a-f]{32,}"),
    re.compile(r"postgresql://[a-z_]+:[0-9a-f]{32,}@"),
)
NOTES = "planted-secrets"
# The names of tests are ours to choose, and hold what they try.
TEST_NAMES = re.compile(r'(?<=<testcase name=")(?:[^"])*(?=")|(?<=<property name=")[^>]*(?=/>)')


def spellings(secret):
    """A secret as it is, and as the usual ways of writing it into something else would make it."""
    plain = json.dumps(secret)[1:-1]
    return {
        secret,
        plain,
        plain.replace("'", "\\'"),
        html.escape(secret),
        secret.replace("'", "&apos;"),
        secret.replace("'", "&#39;"),
        urllib.parse.quote(secret),
        urllib.parse.quote_plus(secret),
        base64.b64encode(secret.encode()).decode().rstrip("="),
    }


def planted(root):
    """Everything that must not be found. Fails where the tests noted nothing: then they did not run, or plant no more."""
    notes = sorted(file for folder in root.glob(f"**/target/{NOTES}") for file in folder.glob("*.txt"))
    secrets = {line for file in notes for line in file.read_text().splitlines() if line}
    if not secrets:
        raise SystemExit(f"no test noted its secrets in target/{NOTES} below {root}: there is nothing to look for")
    return secrets | set(PERSONAL)


def logs(root):
    """Reports of both kinds of tests, and whatever else under a target folder is a log."""
    patterns = ("*-reports/**/*.xml", "*-reports/**/*.txt", "*-reports/**/*.dump*", "**/*.log", "reliability/**/*")
    return sorted(
        {
            file
            for target in root.glob("**/target")
            for pattern in patterns
            for file in target.glob(pattern)
            if file.is_file() and NOTES not in file.parts
        }
    )


def findings(files, secrets):
    """Each place as file, line, and which secret by its length and first characters: the finding must not be another leak."""
    searched = {spelling: secret for secret in secrets for spelling in spellings(secret)}
    pattern = re.compile("|".join(re.escape(each) for each in sorted(searched, key=len, reverse=True)))
    for file in files:
        text = file.read_text(errors="replace")
        if file.suffix == ".xml":
            text = TEST_NAMES.sub("", text)
        for number, line in enumerate(text.splitlines(), start=1):
            found = pattern.search(line)
            if found:
                secret = searched[found.group()]
                yield f"{file}:{number}: a planted secret of {len(secret)} characters that begins with {secret[:4]!r}"
            elif any(form.search(line) for form in FORMS):
                yield f"{file}:{number}: what looks like a password, a token or a key"


def main(arguments):
    root = pathlib.Path(arguments[0])
    secrets = planted(root)
    files = logs(root) + [pathlib.Path(file) for file in arguments[1:]]
    if not any("-reports" in str(file) for file in files):
        raise SystemExit(f"there are no reports of tests below {root}: nothing was looked at")
    found = list(findings(files, secrets))
    for each in found:
        print(each, file=sys.stderr)
    print(f"{len(files)} logs and reports were searched for {len(secrets)} planted secrets: {len(found)} found")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
