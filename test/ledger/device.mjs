// A Ledger that is played: it stands in the place of the transport, answers the commands of the Ethereum app, and makes of
// what it is sent the hash that it signs. SEQUESTER_PLAYED tells how it behaves; a real device has shown nothing of this.
import { Buffer } from "node:buffer";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const { Right } = require("purify-ts");
const { of } = require("rxjs");
const { SigningKey, TypedDataEncoder, computeAddress, concat, getBytes, hexlify, keccak256 } = require("ethers");

const key = new SigningKey(process.env.SEQUESTER_PLAYED_KEY);
const IDENTIFIER = "PLAYED";

const OK = [0x90, 0x00];
const REFUSED = [0x69, 0x85];
const UNKNOWN = [0x6d, 0x00];
const answer = (data, status = OK) => ({ data: Uint8Array.from(data), statusCode: Uint8Array.from(status) });
const ascii = (bytes) => Buffer.from(bytes).toString("ascii");
const counted = (text) => [text.length, ...Buffer.from(text)];

/** A field's type as Solidity writes it, and its name. */
function fieldIn(data) {
  let at = 0;
  const text = () => ascii(data.subarray(at + 1, (at += 1 + data[at])));
  const kind = data[at++];
  const names = [undefined, "int", "uint", "address", "bool", "string", "bytes", "bytes"];
  const base = (kind & 0x0f) === 0 ? text() : names[kind & 0x0f];
  const size = kind & 0x40 ? data[at++] : undefined;
  let type = size === undefined ? base : base + (base === "bytes" ? size : 8 * size);
  for (let levels = kind & 0x80 ? data[at++] : 0; levels > 0; --levels) type += data[at++] ? `[${data[at++]}]` : "[]";
  return { name: text(), type };
}

class Device {
  types = {};
  roots = [];
  stream = [];
  part = [];

  send(apdu) {
    const [, ins, p1, p2] = apdu;
    const data = apdu.subarray(5);
    const played = process.env.SEQUESTER_PLAYED;
    if (apdu[0] === 0xb0 && ins === 0x01) return answer([1, ...counted("Ethereum"), ...counted("1.12.0"), 1, 0]);
    if (apdu[0] !== 0xe0) return answer([], UNKNOWN);
    if (ins === 0x06) return answer([0x01, 1, 12, 0]);
    if (ins === 0x02) {
      return answer([65, ...getBytes(key.publicKey), 40, ...Buffer.from(computeAddress(key).slice(2))]);
    }
    if (ins === 0x1a && played === "old") return answer([], UNKNOWN);
    if (ins === 0x1a) return this.define(p2, data);
    if (ins === 0x1c) return this.take(p1, p2, data);
    if (ins !== 0x0c) return answer([], UNKNOWN);
    if (played === "refusing") return answer([], REFUSED);
    return this.sign(p2 === 0x00 ? keccak256(concat(["0x1901", hexlify(data.subarray(-64))])) : this.hash());
  }

  define(p2, data) {
    if (p2 === 0x00) this.types[(this.named = ascii(data))] = [];
    else this.types[this.named].push(fieldIn(data));
    return answer([]);
  }

  take(p1, p2, data) {
    if (p2 === 0x00) this.roots.push({ name: ascii(data), values: (this.stream = []) });
    if (p2 === 0x0f) this.stream.push(data[0]);
    if (p2 === 0xff) {
      this.part.push(...data);
      // Its first two bytes are its length, of all parts together.
      if (p1 === 0x00) this.stream.push(hexlify(Uint8Array.from(this.part.splice(0)).subarray(2)));
    }
    return answer([]);
  }

  hash() {
    const [domain, message] = this.roots.map(({ name, values }) => this.struct(name, values));
    const types = Object.entries(this.types).filter(([name]) => name !== "EIP712Domain");
    return TypedDataEncoder.hash(domain, Object.fromEntries(types), message);
  }

  struct(name, values) {
    return Object.fromEntries(this.types[name].map((field) => [field.name, this.value(field.type, values)]));
  }

  value(type, values) {
    if (type.endsWith("]")) {
      return Array.from({ length: values.shift() }, () => this.value(type.slice(0, type.lastIndexOf("[")), values));
    }
    if (type in this.types) return this.struct(type, values);
    const bytes = values.shift();
    if (type === "string") return ascii(getBytes(bytes));
    if (type === "bool" || /^u?int/.test(type)) return BigInt(bytes === "0x" ? 0 : bytes);
    return bytes;
  }

  sign(digest) {
    const { v, r, s } = key.sign(digest);
    return answer([v, ...getBytes(r), ...getBytes(s)]);
  }
}

export const nodeHidTransportFactory = ({ deviceModelDataSource }) => {
  const known = { id: "played", deviceModel: deviceModelDataSource.getDeviceModel({ id: "nanoSP" }) };
  const discovered = { ...known, transport: IDENTIFIER };
  const device = new Device();
  return {
    getIdentifier: () => IDENTIFIER,
    isSupported: () => true,
    startDiscovering: () => of(discovered),
    stopDiscovering: () => {},
    listenToAvailableDevices: () => of([discovered]),
    connect: async () =>
      Right({ ...discovered, type: "USB", sendApdu: async (apdu) => Right(device.send(Uint8Array.from(apdu))) }),
    disconnect: async () => Right(undefined),
  };
};
