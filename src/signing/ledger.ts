// Ledger's own kit drives the device. It is no dependency: whoever has a device installs it.
import { createRequire } from "node:module";
import path from "node:path";
import { getTypesForEIP712Domain, numberToHex, concat, type Hex, type TypedDataDefinition } from "viem";
import { oneLine } from "../base/words.ts";
import { KeyUnusableError, type Signer } from "./signer.ts";

/** What is installed, and in which versions it was tried: with a device that was played, never with a real one. */
export const LEDGER_KITS = [
  "@ledgerhq/device-management-kit@1.10.0",
  "@ledgerhq/device-signer-kit-ethereum@1.18.1",
  "@ledgerhq/device-transport-kit-node-hid@1.0.1",
] as const;

/** The first Ethereum account of a device. */
export const FIRST_ACCOUNT = "44'/60'/0'/0/0";

const WHO = "--ledger";
/** Milliseconds for which a device is looked for. */
const PATIENCE_MS = 60_000;

/** What of the kits is used, of their own types. */
interface Observable<T> {
  subscribe(observer: { next(value: T): void; error(fault: unknown): void }): { unsubscribe(): void };
}
type Action<T> = { status: string; output?: T; error?: unknown };
interface Doing<T> {
  observable: Observable<Action<T>>;
}
interface Kit {
  startDiscovering(args: object): Observable<object>;
  stopDiscovering(): Promise<void>;
  connect(args: object): Promise<string>;
  disconnect(args: object): Promise<void>;
  close(): void;
}
interface EthSigner {
  getAddress(path: string, options: object): Doing<{ address: Hex }>;
  signTypedData(path: string, data: object): Doing<{ r: Hex; s: Hex; v: number }>;
}
interface Builder<T> {
  build(): T;
}
interface Kits {
  DeviceManagementKitBuilder: new () => { addTransport(factory: unknown): Builder<Kit> };
  SignerEthBuilder: new (args: object) => { withContextModule(module: object): Builder<EthSigner> };
  nodeHidTransportFactory: unknown;
}

/** Nobody is asked what the fields mean: no server is to learn of an order. The device shows them as they are. */
const NO_CONTEXT = {
  getContexts: async () => [],
  getFieldContext: async () => ({ type: "error", error: new Error("nobody is asked") }),
  getTypedDataFilters: async () => ({ type: "error", error: new Error("nobody is asked") }),
  report: async () => {},
};

/** The officer whose key a Ledger holds; `folder` is where the kits are installed. @throws KeyUnusableError */
export async function ledgerSigner(derivation: string, folder: string): Promise<Signer> {
  const { DeviceManagementKitBuilder, SignerEthBuilder, nodeHidTransportFactory } = kitsIn(folder);
  const kit = new DeviceManagementKitBuilder().addTransport(nodeHidTransportFactory).build();
  let sessionId: string | undefined;
  const close = async () => {
    if (sessionId !== undefined) await kit.disconnect({ sessionId }).catch(() => {});
    kit.close();
  };
  try {
    const device = await found(kit.startDiscovering({}));
    await kit.stopDiscovering();
    sessionId = await kit.connect({ device, sessionRefresherOptions: { isRefresherDisabled: true } });
    const eth = new SignerEthBuilder({ dmk: kit, sessionId }).withContextModule(NO_CONTEXT).build();
    const { address } = await outcome(eth.getAddress(derivation, { checkOnDevice: false }));
    return {
      signer: address,
      sign: async ({ data }) => {
        try {
          const { r, s, v } = await outcome(eth.signTypedData(derivation, typedData(data)));
          return concat([r, s, numberToHex(v, { size: 1 })]);
        } finally {
          await close();
        }
      },
    };
  } catch (fault) {
    await close();
    throw fault instanceof KeyUnusableError ? fault : refusedBy(fault);
  }
}

function kitsIn(folder: string): Kits {
  const require = createRequire(path.join(path.resolve(folder), "here"));
  try {
    const kits = LEDGER_KITS.map((it) => require(it.slice(0, it.lastIndexOf("@"))) as object);
    return Object.assign({}, ...kits) as Kits;
  } catch {
    const needs = `npm install --no-save ${LEDGER_KITS.join(" ")}, and --ledger-kit, the folder where that was done`;
    throw new KeyUnusableError(WHO, `no kit of Ledger in ${folder}`, needs);
  }
}

/** The first device that is found. */
const found = (devices: Observable<object>): Promise<object> =>
  new Promise((answer, refuse) => {
    const late = setTimeout(() => {
      search.unsubscribe();
      refuse(new KeyUnusableError(WHO, "no device", "a Ledger that is connected and unlocked, with its Ethereum app"));
    }, PATIENCE_MS);
    const end =
      <T>(how: (value: T) => void) =>
      (value: T) => {
        clearTimeout(late);
        how(value);
      };
    const search = devices.subscribe({ next: end(answer), error: end(refuse) });
  });

/** What an action on the device came to. */
const outcome = <T>({ observable }: Doing<T>): Promise<T> =>
  new Promise((answer, refuse) => {
    observable.subscribe({
      next: ({ status, output, error }) => {
        if (status === "completed") answer(output!);
        if (status === "error") refuse(refusedBy(error));
      },
      error: (fault) => refuse(refusedBy(fault)),
    });
  });

function refusedBy(fault: unknown): KeyUnusableError {
  const { _tag, errorCode, message, originalError } = fault as Record<string, unknown> & { originalError?: Error };
  const why = [_tag, errorCode, message ?? originalError?.message].filter((it) => typeof it === "string" && it !== "");
  return new KeyUnusableError(
    WHO,
    oneLine(why.join(", ")) || "a refusal",
    "an agreement on the device, in its Ethereum app",
  );
}

/** Typed data as the kit takes it: with the domain's type and no other than it needs, and without bigints. */
function typedData({ domain, types, primaryType, message }: TypedDataDefinition): object {
  const all: Types = { ...(types as unknown as Types), EIP712Domain: getTypesForEIP712Domain({ domain }) };
  const needed = Object.fromEntries(["EIP712Domain", ...reached(all, primaryType)].map((name) => [name, all[name]]));
  const whole = { domain, types: needed, primaryType, message };
  return JSON.parse(
    JSON.stringify(whole, (_, value: unknown) => (typeof value === "bigint" ? String(value) : value)),
  ) as object;
}

type Types = Readonly<Record<string, readonly { name: string; type: string }[]>>;

/** A type and those of its fields. */
function reached(types: Types, name: string): Set<string> {
  const names = (types[name] ?? []).map(({ type }) => type.replace(/\[.*$/, "")).filter((type) => type in types);
  return new Set([name, ...names.flatMap((type) => [...reached(types, type)])]);
}
