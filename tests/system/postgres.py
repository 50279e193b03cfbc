"""A throw-away PostgreSQL for tests: on a socket of its own in a temporary folder, stopped and removed at the end."""
import os
import pathlib
import pwd
import shutil
import subprocess
import sys
import tempfile


def programs():
    """Where initdb lies, the newest; None: it is not installed."""
    found = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[-3]))
    return found[-1].parent if found else None


def asked_for():
    """Whether "postgresql" stands among a test's words, which is taken out of them: otherwise it runs on the encrypted file."""
    if "postgresql" not in sys.argv:
        return False
    sys.argv.remove("postgresql")
    return True


def database_flags(postgres):
    return ["--database", postgres.address] if postgres else []


class Postgres:
    def __init__(self):
        self.bin = programs()
        if self.bin is None:
            print("PostgreSQL is not installed (setup/packages-test.txt): skipped")
            sys.exit(77)
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="pyro-pg-"))
        self.data = self.folder / "data"
        # It refuses to run as root.
        self.user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        if self.user:
            shutil.chown(self.folder, "postgres")
        name = "postgres" if self.user else pwd.getpwuid(os.geteuid()).pw_name
        self._run("initdb", "-D", self.data, "-A", "trust", "-E", "UTF8", "--no-sync")
        self.address = f"host={self.folder} dbname=postgres user={name}"
        self.start()

    def _run(self, program, *words):
        subprocess.run([*self.user, str(self.bin / program), *map(str, words)], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT,
                       cwd="/")

    def start(self):
        self._run("pg_ctl", "-D", self.data, "-w", "-l", self.folder / "log", "-o", f"-k {self.folder} -c listen_addresses=''", "start")

    def stop(self, how="fast"):
        self._run("pg_ctl", "-D", self.data, "-w", "-m", how, "stop")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        subprocess.run([*self.user, str(self.bin / "pg_ctl"), "-D", str(self.data), "-m", "immediate", "stop"], check=False,
                       stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT, cwd="/")
        shutil.rmtree(self.folder, ignore_errors=True)
