import base64
import binascii
import re
import subprocess
import warnings

import yaml

with open("out.yaml", encoding="utf-8") as file:
    d = yaml.safe_load(file)["data"]


def expect(good, what):
    if not good:
        print("not so: " + what)


def openssl(*arguments, text=""):
    run = subprocess.run(["openssl", *arguments], input=text.encode(), capture_output=True, check=False)
    return run.stdout.decode("latin-1") + (run.stderr.decode("latin-1") if run.returncode else "")


for name, text in d.items():
    if name.endswith((".crt", ".key", ".pem")):
        with open(name, "w", encoding="ascii") as file:
            file.write(text)
for leaf, ca in (("signed", "ca"), ("again", "ca"), ("esigned", "eca"), ("self", "self"), ("selfkey", "selfkey")):
    expect(openssl("verify", "-CAfile", ca + ".crt", leaf + ".crt").strip() == leaf + ".crt: OK", leaf + " is signed by " + ca)
for name in ("ca", "signed", "self", "eca", "esigned", "selfkey", "again"):
    of_cert, of_key = openssl("x509", "-in", name + ".crt", "-pubkey", "-noout"), openssl("pkey", "-in", name + ".key", "-pubout")
    expect("PUBLIC KEY" in of_key and of_cert == of_key, name + " has its own key")
said = openssl("x509", "-in", "signed.crt", "-noout", "-text")
expect("DNS:a.example.com, DNS:b.example.com, IP Address:10.0.0.1, IP Address:0:0:0:0:0:0:0:1" in said, "names of signed: " + said)
expect("CA:FALSE" in said and "TLS Web Server Authentication" in said, "signed is a leaf: " + said)
expect("CA:TRUE" in openssl("x509", "-in", "ca.crt", "-noout", "-text"), "ca is an authority")
expect(openssl("x509", "-in", "signed.crt", "-noout", "-checkend", str(29 * 86400)).strip() == "Certificate will not expire" and
       "will expire" in openssl("x509", "-in", "signed.crt", "-noout", "-checkend", str(31 * 86400)), "signed is good for 30 days")
for kind, sort in (("rsa", "RSA Private-Key|Private-Key: \\(4096 bit"), ("ecdsa", "prime256v1"), ("ed25519", "ED25519"), ("dsa", "Private-Key")):
    expect(re.search(sort, openssl("pkey", "-in", kind + ".pem", "-noout", "-text")), "a key of " + kind)
expect(d["unknown"] == "Unknown type rot13", "rot13 is no type")
try:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import crypt
    for hashed, password in ((d["bcrypt"], "correct horse"), (d["bcryptEmpty"], ""), (d["htpasswd"].removeprefix("me:"), "battery staple")):
        expect(re.fullmatch(r"\$2a\$10\$[./A-Za-z0-9]{53}", hashed) and crypt.crypt(password, hashed) == hashed, "bcrypt of " + password)
        expect(crypt.crypt(password + "x", hashed) != hashed, "bcrypt of another than " + password)
except ImportError:
    pass
expect("exceeds 72 bytes" in d["bcryptLong"], "bcrypt takes 72 bytes: " + d["bcryptLong"])
expect(d["htpasswdColon"].startswith("invalid username"), "a name has no colon")
expect(re.fullmatch("[A-Za-z0-9]{40}", d["alphaNum"]) and re.fullmatch("[A-Za-z]{40}", d["alpha"]) and re.fullmatch("[0-9]{40}", d["numeric"]), "random")
expect(re.fullmatch(rb"[ -~]{40}", base64.b64decode(d["ascii"])), "randAscii")
expect(len(base64.b64decode(d["bytes"])) == 33 and d["int"] in ("5", "6", "7"), "randBytes, randInt")
expect(re.fullmatch("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", d["uuid"]), "uuidv4")
expect(sorted(d["shuffled"]) == sorted("héllo wörld"), "shuffle")
packed = base64.b64decode(d["encrypted"])
with open("cipher", "wb") as file:
    file.write(packed[16:])
expect(openssl("enc", "-d", "-aes-256-cbc", "-in", "cipher", "-iv", packed[:16].hex(),
               "-K", binascii.hexlify(b"a key".ljust(32, b"\0")).decode()) == "a secret text", "encryptAES")
expect(d["decrypted"] == "a secret text" and d["encryptedNothing"] == "", "decryptAES")
