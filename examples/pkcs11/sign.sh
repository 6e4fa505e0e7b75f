#!/usr/bin/env bash
# Signs with a key that never leaves its token: order sign --signer-command examples/pkcs11/sign.sh --signer BYTES.
# In: a digest in hexadecimal. Out: the signature in hexadecimal. The PIN lies in a file that its owner alone can read, and
# reaches pkcs11-tool by that one process's environment, so that it is no argument of any.
set -euo pipefail

: "${PKCS11_MODULE:?the library of the token, such as /usr/lib/softhsm/libsofthsm2.so}"
: "${PKCS11_TOKEN:?the label of the token}"
: "${PKCS11_KEY:?the id of the key, in hexadecimal}"
: "${PKCS11_MECHANISM:?ECDSA of a P-256 key, SHA256-RSA-PKCS of an RSA key}"
: "${PKCS11_PIN_FILE:?the file with the PIN}"

read -r digest
[[ "$digest" =~ ^0x[0-9a-f]{64}$ ]] || { echo "no digest" >&2; exit 64; }
PIN=$(<"$PKCS11_PIN_FILE")
escaped=$(sed 's/../\\x&/g' <<<"${digest#0x}")
# shellcheck disable=SC2059
printf "$escaped" |
  PIN="$PIN" pkcs11-tool --module "$PKCS11_MODULE" --token-label "$PKCS11_TOKEN" --login --pin env:PIN \
    --sign --id "$PKCS11_KEY" --mechanism "$PKCS11_MECHANISM" |
  od -An -v -tx1 | tr -d ' \n'
