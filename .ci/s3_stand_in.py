"""A stand-in of S3 on this machine, for `sam package`: it keeps what is put and says what is there.

    s3_stand_in.py FOLDER COMMAND...   serves on a free port while COMMAND runs, and puts AWS_ENDPOINT_URL_S3 into its environment
"""

import http.server
import os
import pathlib
import subprocess
import sys
import threading
import urllib.parse


def handler(folder):
    class Objects(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def path_of(self):
            return folder / urllib.parse.quote(urllib.parse.urlsplit(self.path).path.strip("/"), safe="")

        def answer(self, status, body=b""):
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("ETag", '"0"')
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        def do_HEAD(self):
            self.answer(200 if self.path_of().exists() or "/" not in self.path.strip("/") else 404)

        def do_GET(self):
            # What the client asks of a bucket: where it is.
            self.answer(200, b'<LocationConstraint xmlns="http://s3.amazonaws.com/doc/2006-03-01/">eu-central-1</LocationConstraint>')

        def do_PUT(self):
            if "chunked" in self.headers.get("Transfer-Encoding", ""):
                content = b""
                while size := int(self.rfile.readline().split(b";")[0], 16):
                    content += self.rfile.read(size)
                    self.rfile.readline()
                while self.rfile.readline().strip():
                    pass
            else:
                content = self.rfile.read(int(self.headers["Content-Length"]))
            query = urllib.parse.parse_qs(urllib.parse.urlsplit(self.path).query)
            part = query.get("partNumber")
            path = self.path_of()
            (path.with_name(f"{path.name}.part{int(part[0]):05}") if part else path).write_bytes(content)
            self.answer(200)

        def do_POST(self):
            # Large objects come in parts: an upload is begun, and at last completed.
            self.rfile.read(int(self.headers.get("Content-Length", "0")))
            path = self.path_of()
            if urllib.parse.urlsplit(self.path).query == "uploads":
                self.answer(200, b"<InitiateMultipartUploadResult><UploadId>1</UploadId></InitiateMultipartUploadResult>")
                return
            parts = sorted(folder.glob(f"{path.name}.part*"))
            path.write_bytes(b"".join(part.read_bytes() for part in parts))
            for part in parts:
                part.unlink()
            self.answer(200, b"<CompleteMultipartUploadResult><ETag>0</ETag></CompleteMultipartUploadResult>")

        def log_message(self, *arguments):
            pass

    return Objects


def main(folder, *command):
    pathlib.Path(folder).mkdir(parents=True, exist_ok=True)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler(pathlib.Path(folder))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        environment = os.environ | {
            "AWS_ENDPOINT_URL_S3": f"http://127.0.0.1:{server.server_address[1]}",
            "AWS_ACCESS_KEY_ID": "nobody",
            "AWS_SECRET_ACCESS_KEY": "nothing",
            "AWS_DEFAULT_REGION": "eu-central-1",
            "AWS_REQUEST_CHECKSUM_CALCULATION": "when_required",
        }
        return subprocess.run(command, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
