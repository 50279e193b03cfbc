"""The unit of setup/ under a real systemd: PID 1 of namespaces of its own, on a copy of this machine's root that is thrown away. The server starts as
the unit says (its own user, the key as a credential, a file system that is read-only but for its data), works, comes back when it is killed, is not
tried again and again with a wrong setting, and stops in order.

usage: systemd.py PYROMETER SOURCE_FOLDER   (as root; skipped where this machine has no systemd or does not let one be started)
"""
import os
import pathlib
import re
import socket
import subprocess
import sys
import tempfile
import time

from server import Client, Site, consent

program, source = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
SYSTEMD = pathlib.Path("/lib/systemd/systemd")
with socket.create_server(("127.0.0.1", 0)) as free:
    PORT = free.getsockname()[1]
NEEDLESS = ("systemd-udevd.service", "systemd-udev-trigger.service", "systemd-timesyncd.service", "systemd-logind.service", "systemd-sysctl.service",
            "systemd-modules-load.service", "systemd-hwdb-update.service", "systemd-binfmt.service", "systemd-remount-fs.service",
            "systemd-firstboot.service", "kmod-static-nodes.service", "dev-hugepages.mount", "dev-mqueue.mount", "sys-kernel-debug.mount",
            "sys-kernel-tracing.mount", "network-online.target", "getty.target")
BOOT = f"""
set -e
space=$1 program=$2 source=$3
mount --make-rprivate /
mount -t tmpfs -o size=2g tmpfs $space
mkdir $space/up $space/work $space/root
root=$space/root
mount -t overlay overlay -o lowerdir=/,upperdir=$space/up,workdir=$space/work $root
mount -t proc proc $root/proc
mount -t sysfs sysfs $root/sys
mount -t tmpfs tmpfs $root/sys/fs/cgroup
mount -t cgroup2 cgroup2 $root/sys/fs/cgroup
mount -t tmpfs -o mode=755 tmpfs $root/dev
mkdir $root/dev/shm $root/dev/pts $root/dev/mqueue $root/dev/hugepages
mount -t tmpfs tmpfs $root/dev/shm
mount -t devpts devpts $root/dev/pts
mount -t mqueue mqueue $root/dev/mqueue
node() {{ mknod -m 666 $root/dev/$1 c $2 $3; }}
node null 1 3; node zero 1 5; node full 1 7; node random 1 8; node urandom 1 9; node kmsg 1 11; node tty 5 0
ln -s pts/ptmx $root/dev/ptmx
ln -s /proc/self/fd $root/dev/fd
mount -t tmpfs -o mode=755 tmpfs $root/run
mount -t tmpfs tmpfs $root/tmp
folder=$root/opt/pyrometer
mkdir -p $folder/build/release/bin $folder/.pyrometer
chmod 755 $root/opt $folder
cp $program $folder/build/release/bin/pyrometer
cp -r $source/models $source/surveys $source/trend $folder/
cp -r $source/.pyrometer/models $source/.pyrometer/openvino $source/.pyrometer/security $folder/.pyrometer/
cp $source/setup/pyrometer.service $root/etc/systemd/system/
printf 'port = {PORT}\\n' > $root/etc/pyrometer.toml
printf '[Unit]\\nRequires=pyrometer.service\\nAfter=pyrometer.service\\n' > $root/etc/systemd/system/trial.target
for unit in {' '.join(NEEDLESS)}; do ln -sf /dev/null $root/etc/systemd/system/$unit; done
: > $root/etc/fstab
chroot $root useradd --system --home /var/lib/pyrometer pyrometer
mkdir -p $root/etc/credstore.encrypted
chroot $root sh -c "systemd-creds setup; head -c 32 /dev/urandom | od -An -tx1 | tr -d ' \\n' | systemd-creds encrypt --name=pyrometer-key - /etc/credstore.encrypted/pyrometer-key"
mkdir $root/old
cd $root
pivot_root . old
umount -l /old
mount --make-rshared /
exec env -i container=other PATH=/usr/sbin:/usr/bin:/sbin:/bin {SYSTEMD} --system --unit=trial.target --log-target=journal
"""


class Machine:
    """A systemd and what it starts; all of it ends with its first process."""

    def __init__(self, folder):
        self.group = pathlib.Path(f"/sys/fs/cgroup/{'unified' if pathlib.Path('/sys/fs/cgroup/unified').is_dir() else '.'}/pyro-{os.getpid()}")
        self.group.mkdir()
        (folder / "space").mkdir()
        (folder / "boot").write_text(BOOT)
        words = ["unshare", "--pid", "--mount", "--uts", "--ipc", "--cgroup", "--fork", "--kill-child", "bash", folder / "boot", folder / "space", program, source]
        self.log = (folder / "log").open("w+")
        self.process = subprocess.Popen(["sh", "-c", 'echo $$ > "$0/cgroup.procs"; exec "$@"', self.group, *words], stdin=subprocess.DEVNULL,
                                        stdout=self.log, stderr=subprocess.STDOUT)
        until = time.monotonic() + 120
        self.first = None
        while self.first is None:
            for child in pathlib.Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split():
                if b"--unit=trial.target" in pathlib.Path(f"/proc/{child}/cmdline").read_bytes():
                    self.first = child
            if self.process.poll() is not None or time.monotonic() > until:
                self.log.seek(0)
                print(f"systemd cannot be started here: {self.log.read()[-500:]}: skipped")
                sys.exit(77)
            time.sleep(0.1)

    def within(self, *words, check=True):
        return subprocess.run(["nsenter", "-t", self.first, "-m", "-p", "-u", "-i", "-C", "env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", *words],
                              check=check, capture_output=True, text=True, timeout=90).stdout

    def journal(self):
        return self.within("journalctl", "--no-pager", "--output", "cat", "--unit", "pyrometer")

    def shown(self, name):
        return self.within("systemctl", "show", "pyrometer", "--property", name, "--value").strip()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        time.sleep(0.5)
        for group in sorted((one for one in self.group.rglob("*") if one.is_dir()), reverse=True):
            group.rmdir()
        self.group.rmdir()


def waited_for(ask, what, seconds=90):
    until = time.monotonic() + seconds
    while True:
        try:
            found = ask()
        except (OSError, subprocess.CalledProcessError):
            found = None
        if found:
            return found
        assert time.monotonic() < until, what() if callable(what) else what
        time.sleep(0.2)


def at_work(machine):
    told = waited_for(lambda: re.search(r"name +(\S+)\npassword +(\S+)", re.sub(r"(?m)^ +", "", machine.journal())), machine.journal)

    class There:
        first = told.groups()

        def client(self, token=None):
            return Client(PORT, token)

    site = Site(There())
    site.mode("clinical")
    anna = site.user("anna", "participant")
    consent(anna, anna.person, "live_analysis", "store_observations")
    picture = (source / ".pyrometer" / "demo" / "astronaut.png").read_bytes()
    upload = anna.post("uploads", raw=picture, headers={"Content-Type": "application/octet-stream"}).json["id"]
    job = anna.post("jobs", {"kind": "analyze", "uploads": [upload], "person": anna.person}).json["id"]
    row = waited_for(lambda: next((row for row in [anna.get(f"jobs/{job}").json] if row["state"] not in ("queued", "running")), None), "the job does not end")
    assert row["state"] == "done", row
    return anna, job


if os.geteuid() != 0 or not SYSTEMD.exists():
    print("systemd is not here, or this is not root: skipped")
    sys.exit(77)
with tempfile.TemporaryDirectory() as scratch, Machine(pathlib.Path(scratch)) as machine:
    anna, job = at_work(machine)
    data = machine.within("ls", "-la", "/var/lib/pyrometer")
    assert re.search(r"(?m)^drwx------ .* pyrometer +pyrometer .* \.$", data) and not re.search(r"(?m) key$", data), data
    # Killed, it is there again by itself, with its logins and what it had.
    machine.within("systemctl", "kill", "--signal", "KILL", "--kill-who", "main", "pyrometer")
    began = time.monotonic()
    waited_for(lambda: machine.shown("NRestarts") == "1" and anna.ask("GET", "/readyz").status == 200, machine.journal)
    back_s = time.monotonic() - began
    assert anna.get(f"jobs/{job}").json["state"] == "done"
    # Stopped in order, its workers with it.
    began = time.monotonic()
    machine.within("systemctl", "stop", "pyrometer")
    stop_s = time.monotonic() - began
    assert (machine.shown("Result"), machine.shown("ExecMainStatus")) == ("success", "0") and "error" not in machine.journal(), machine.journal()
    # A wrong setting is told, once.
    machine.within("sh", "-c", "echo 'colour = \"red\"' >> /etc/pyrometer.toml")
    machine.within("systemctl", "start", "pyrometer")
    waited_for(lambda: machine.shown("ActiveState") == "failed", machine.journal)
    time.sleep(3)
    assert machine.shown("ActiveState") == "failed" and machine.journal().count("'colour' is no setting") == 1, machine.journal()
    print(f"under systemd: back {back_s:.1f} s after a kill, stopped within {stop_s:.1f} s; all as expected")
