"""The check finds what is planted, however it is written, and does not pass by having nothing to look at."""

import contextlib
import io
import pathlib
import tempfile
import unittest

import secrets_in_logs

DRAWN = "0123456789abcdef0123456789abcdef0123456789abcdef"
REPORT = "local/target/failsafe-reports/TEST-some.IT.xml"


class SecretsInLogsTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)
        self.write("local/target/planted-secrets/one.txt", DRAWN + "\n")
        self.write(REPORT, "<testsuite/>")

    def write(self, name, content):
        file = self.root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content)
        return file

    def check(self, *more):
        self.said = io.StringIO()
        with contextlib.redirect_stderr(self.said), contextlib.redirect_stdout(io.StringIO()):
            return secrets_in_logs.main([str(self.root), *map(str, more)])

    def test_passes_when_nothing_is_found(self):
        self.write("ledger/target/surefire-reports/some.txt", "Lee placed an order; Bearer was missing")
        self.assertEqual(self.check(), 0)

    def test_finds_every_planted_secret_in_every_spelling_and_shows_none(self):
        for secret in (*secrets_in_logs.PERSONAL, DRAWN):
            for spelling in secrets_in_logs.spellings(secret):
                with self.subTest(spelling=spelling):
                    self.write(REPORT, f"<system-err>INFO recorded {spelling} at last</system-err>")
                    self.assertEqual(self.check(), 1)
                    self.assertNotIn(spelling, self.said.getvalue())

    def test_finds_them_wherever_a_build_writes(self):
        for name in (
            "ledger/target/surefire-reports/some.txt",
            "handlers/target/failsafe-reports/2026.dumpstream",
            "handlers/target/test.log",
            "local/target/reliability/seed-1.txt",
            "target/order-ledger-build.log",
        ):
            with self.subTest(name=name):
                file = self.write(name, f"x\ny {DRAWN}\n")
                self.assertEqual(self.check(), 1)
                self.assertIn(f"{file}:2", self.said.getvalue())
                file.unlink()

    def test_finds_them_in_further_files(self):
        self.assertEqual(self.check(self.write("maven.out", "lee@example.com")), 1)

    def test_finds_keys_tokens_and_passwords_that_nobody_noted(self):
        for line in (
            "-----BEGIN PRIVATE KEY-----",
            "Authorization: Bearer " + "a1" * 24,
            "postgresql://ledger_reader:" + "b2" * 24 + "@127.0.0.1:1/orders",
        ):
            with self.subTest(line=line):
                self.write(REPORT, line)
                self.assertEqual(self.check(), 1)

    def test_lets_tests_be_named_after_what_they_try(self):
        self.write(REPORT, '<testcase name="takes Lee O\'Brien" classname="x"/>')
        self.assertEqual(self.check(), 0)

    def test_fails_when_no_test_noted_its_secrets(self):
        (self.root / "local/target/planted-secrets/one.txt").unlink()
        with self.assertRaises(SystemExit):
            self.check()

    def test_fails_when_there_are_no_reports(self):
        (self.root / REPORT).unlink()
        with self.assertRaises(SystemExit):
            self.check()


if __name__ == "__main__":
    unittest.main()
