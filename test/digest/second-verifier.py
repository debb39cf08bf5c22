"""Verify a copied archive by docs/verify.md alone: second-verifier.py FOLDER PUBLIC_KEY.pem

Python's standard library and `cryptography`; no line is shared with the product. Checks everything but the rows inside parts.
Prints a line for each finding ("kind key") and exits 1 if there is one. What is not signed yet is "extra" here, however young.
"""
import base64, hashlib, json, os, re, stat, sys
from datetime import date, timedelta
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization as ser

root, key_file = sys.argv[1:3]
public = ser.load_pem_public_key(open(key_file, "rb").read())
b64 = lambda raw: base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
unb64 = lambda text: base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
raw_key = public.public_bytes(ser.Encoding.Raw, ser.PublicFormat.Raw)
kid = b64(hashlib.sha256(json.dumps({"crv": "Ed25519", "kty": "OKP", "x": b64(raw_key)}, separators=(",", ":")).encode()).digest())
read = lambda key: open(os.path.join(root, key), "rb").read()
sha = lambda raw: hashlib.sha256(raw).hexdigest()
sys.stdout.reconfigure(errors="replace")  # a name may be no UTF-8
keys, strays = set(), set()
for folder, folders, files in os.walk(root):  # it lists links to folders as folders, and follows none
    for name in folders + files:
        path = os.path.join(folder, name)
        key, mode = os.path.relpath(path, root).replace(os.sep, "/"), os.lstat(path).st_mode
        if key == ".incoming" and stat.S_ISDIR(mode): continue
        if name.startswith(".") or not (stat.S_ISDIR(mode) or stat.S_ISREG(mode)): strays.add(key)
        elif stat.S_ISREG(mode): keys.add(key)
    folders[:] = [name for name in folders if not name.startswith(".")]
findings, named, accounted = [], {}, set()
find = lambda kind, key: findings.append(f"{kind} {key}")

def signed(digest_key, jws_key, f, day):
    """The payload of a .jws, when it is the key's signature for this very digest."""
    try:
        head, body, sig = read(jws_key).decode("ascii").split(".")
        assert json.loads(unb64(head)) == {"alg": "EdDSA", "kid": kid} and b64(unb64(sig)) == sig
        public.verify(unb64(sig), f"{head}.{body}".encode())
        payload = json.loads(unb64(body))
        assert (payload["foundation"], payload["day"], payload["key"]) == (f, day, digest_key)
        return payload
    except (InvalidSignature, ValueError, AssertionError, KeyError):
        return find("wrong_signature", jws_key)

for f in sorted({m[1] for k in keys if (m := re.match(r"\w+/v1/foundation=([a-z0-9][a-z0-9-]{0,31})/", k))}):
    prefix, revisions, expected, newer = f"digests/v1/foundation={f}/", {}, None, None
    days = {m[1] for k in keys if (m := re.fullmatch(prefix + r"(\d{4}-\d\d-\d\d)\.(?:json|jws)", k))}
    for day in sorted(days, reverse=True):  # newest to oldest
        key, jws = f"{prefix}{day}.json", f"{prefix}{day}.jws"
        accounted |= {key, jws}
        payload = signed(key, jws, f, day) if jws in keys else find("missing", jws)
        if key not in keys or not payload or payload["sha256"] != sha(read(key)):
            expected = find("missing" if key not in keys else "altered", key) if payload or key not in keys else None
            continue
        if expected and (expected["key"], expected["sha256"]) != (key, payload["sha256"]): find("missing", expected["key"])
        digest = json.loads(read(key))
        if newer and date.fromisoformat(newer) - date.fromisoformat(day) != timedelta(1): find("gap", f"{prefix}{day}")
        expected, newer = digest["previous"], day
        revisions = revisions or {d["dt"]: (d["revisions"], d["events"]) for d in digest["days"]}
        named.update({o["key"]: o["sha256"] for o in digest["objects"]})
    if expected: find("missing", expected["key"])
    if not newer: find("unsigned", prefix)
    for dt, (count, events) in revisions.items():  # every revision that the newest table counts, and its part
        total, owned = 0, set()
        for r in range(count):
            m, part_key = f"manifests/v1/foundation={f}/dt={dt}/r{r:04}.json", f"events/v1/foundation={f}/dt={dt}/part-{{:04}}.parquet"
            if m not in named: find("missing", m)
            if m not in keys or named.get(m) != sha(read(m)): continue  # found below
            manifest = json.loads(read(m))
            part, total = manifest["part"], manifest["cumulative"]["events"]
            if not part: continue
            p = part["key"]  # of its own number; an adopted one may name an earlier part that no other names
            if p in owned or p not in map(part_key.format, range(r + 1) if manifest["status"] == "adopted" else [r]): find("invalid", m)
            owned.add(p), accounted.add(p)
            if p not in keys: find("missing", p)
            elif (len(read(p)), sha(read(p))) != (part["bytes"], part["sha256"]): find("altered", p)
        if total != events: find("mismatch", f"{prefix}{max(days)}.json")
for key, digest in named.items():
    if key not in keys: find("missing", key)
    elif sha(read(key)) != digest: find("altered", key)
for key in sorted(keys - accounted - set(named)) + sorted(strays): find("extra", key)
print("\n".join(sorted(set(findings))) or f"clean: {len(keys)} objects")
sys.exit(1 if findings else 0)
