# RAPPIT's HTTP API by hand. While `make run` runs, at the top of the repository: source docs/guides/shell.sh
#
#   ask PATH                     what there is                             ask /v1/stores
#   tell PATH [NAME=TEXT] ..     what shall happen; NAME:=JSON for the rest    tell /v1/items sku=LAMP name=Lamp
#   change PATH [NAME=TEXT] ..   other values of what there is
#   pick PATH ..                 fields of the answer, in one line             ask /v1/items | pick items.0.sku
#   rows LIST PATH ..            the same of each in a list, a line each       ask /v1/items | rows items sku name
#   new_id                       an id for what you make
#   sign_in EMAIL PASSWORD       as somebody else from now on
#
# It begins signed in as the owner of the demo's first organisation. Of an answer that is a problem, pick and rows print its status, reason and detail.

source .rappit/demo.env

new_id() { python3 -c 'import uuid; print(uuid.uuid4())'; }

_json() {
  python3 -c '
import json, sys

body = {}
for argument in sys.argv[1:]:
    name, _, text = argument.partition("=")
    body[name.rstrip(":")] = json.loads(text) if name.endswith(":") else text
print(json.dumps(body))' "$@"
}

_send() { # method, path, fields
  curl -sS -X "$1" "$RAPPIT$2" -H "Authorization: Bearer $TOKEN" -H "Content-Type: application/json" \
    -H "Idempotency-Key: $(new_id)" -d "$(_json "${@:3}")"
}

ask() { curl -sS -H "Authorization: Bearer $TOKEN" "$RAPPIT$1"; }
tell() { _send POST "$@"; }
change() { _send PATCH "$@"; }

_FIELDS='
import json, sys

answer = json.load(sys.stdin)
if "reason" in answer and "violations" in answer:
    broken = [": ".join(violation.values()) for violation in answer["violations"]]
    sys.exit(" ".join([str(answer["status"]), answer["reason"], "; ".join(broken) or answer["detail"]]))

def field(value, path):
    for step in path.split("."):
        value = value[int(step)] if isinstance(value, list) else value[step]
    return value
'

pick() {
  python3 -c "$_FIELDS
print(*(field(answer, path) for path in sys.argv[1:]))" "$@"
}

rows() {
  python3 -c "$_FIELDS
for row in answer[sys.argv[1]]:
    print(*(field(row, path) for path in sys.argv[2:]))" "$@"
}

sign_in() { TOKEN=$(tell /v1/sessions email="$1" password="$2" | pick tokens.accessToken); }

sign_in "$EMAIL" "$PASSWORD"
