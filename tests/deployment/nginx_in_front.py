"""The real nginx with the shipped configuration and a certificate of its own, on ports that anybody may use."""

import getpass
import shutil
import socket
import subprocess
from pathlib import Path

from tests.deployment.unit_files import DEPLOYMENT

NGINX = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin") or ""
_MAIN = """
daemon off;
user {user};
pid {folder}/nginx.pid;
error_log {folder}/error.log;
worker_processes 2;
events {{}}
http {{
    include /etc/nginx/mime.types;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/conf.d/*.conf;
}}
"""


class Nginx:
    """nginx in front of the web's processes, for the name `localhost`."""

    def __init__(self, folder: Path, web_ports: list[int], http: int, https: int) -> None:
        self.folder, self.http, self.https = folder, http, https
        (folder / "conf.d").mkdir(parents=True)
        self.certificate = _make_certificate(folder)
        for file in (DEPLOYMENT / "nginx").iterdir():
            text = self._for_here(file.read_text(encoding="utf-8"), web_ports)
            (folder / "conf.d" / file.name).write_text(text, encoding="utf-8")
        main = _MAIN.format(user=getpass.getuser(), folder=folder)
        (folder / "nginx.conf").write_text(main, encoding="utf-8")

    @property
    def address(self) -> str:
        return f"https://localhost:{self.https}"

    def _for_here(self, text: str, web_ports: list[int]) -> str:
        """What the administrator changes (name, certificate), and the ports and folders of a test."""
        changes = {
            "https://contabilidad.example": self.address,
            "contabilidad.example": "localhost",
            "/etc/ssl/integrador": str(self.folder),
            "/var/log/nginx": str(self.folder),
            "127.0.0.1:8001": f"127.0.0.1:{web_ports[0]}",
            "127.0.0.1:8002": f"127.0.0.1:{web_ports[1]}",
            "listen 80 ": f"listen {self.http} ",
            "listen 443 ": f"listen {self.https} ",
        }
        for shipped, here in changes.items():
            text = text.replace(shipped, here)
        # IPv6 is not everywhere that tests run.
        return "\n".join(line for line in text.splitlines() if "listen [::]" not in line)

    def start(self) -> None:
        """Raises: AssertionError with nginx's own words where the configuration is wrong."""
        command = [NGINX, "-c", str(self.folder / "nginx.conf"), "-p", str(self.folder)]
        tried = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
        assert tried.returncode == 0, tried.stderr
        self._process = subprocess.Popen(command)

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(30)


def _make_certificate(folder: Path) -> Path:
    """As `docs/deployment.md` makes one for a try."""
    words = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost"
    files = ["-keyout", str(folder / "privkey.pem"), "-out", str(folder / "fullchain.pem")]
    subprocess.run([*words.split(), *files], check=True, capture_output=True)
    return folder / "fullchain.pem"


def free_ports(count: int) -> list[int]:
    """Ports of this machine where nobody listens."""
    sockets = [socket.socket() for _ in range(count)]
    for each in sockets:
        each.bind(("127.0.0.1", 0))
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports
