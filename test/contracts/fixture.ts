import { HDNodeWallet, keccak256, toUtf8Bytes, type Signer, type Wallet } from "ethers";
import hre from "hardhat";
import type { Address, Hex } from "viem";
import { admissionsOf, buildCharter, type Charter, type CharterInput } from "../../src/deployment/charter.ts";
import { readParameters } from "../../src/deployment/parameters.ts";
import {
  buildArrest,
  buildCancel,
  buildFreeze,
  buildLift,
  buildReturn,
  buildSeize,
  domainOf,
  encodeCaseId,
  ORDER_TYPES,
  packApprovals,
  type Domain,
  type Order,
  type Refund,
  type Target,
} from "../../src/orders/index.ts";

export const { ethers, networkHelpers } = await hre.network.create();

export const DAY = 86_400n;

/** A last second that no test meets: an order's may lie 366 days ahead of the chain's clock, and this one moves with it. */
export let NEVER: bigint;

export async function renewSignBy(): Promise<void> {
  NEVER = (await now()) + 365n * DAY;
}

// Whatever moves the clock moves it.
for (const [helper, names] of [
  [networkHelpers, ["loadFixture"]],
  [networkHelpers.time, ["increase", "increaseTo"]],
] as const) {
  for (const name of names) {
    const move = (helper[name as keyof typeof helper] as (...args: unknown[]) => Promise<unknown>).bind(helper);
    Object.defineProperty(helper, name, {
      value: async (...args: unknown[]) => {
        const moved = await move(...args);
        await renewSignBy();
        return moved;
      },
    });
  }
}

export const CASE = "CASE-1";
export const UNIT = 10n ** 6n;

/** How many keys each agency has. */
const SEATS = { FMA: 3, KNB: 2, GPO: 4, COURT: 4, NBK: 2, MOF: 2, AFSA: 2 } as const;
export type Agency = keyof typeof SEATS;

/** An approval by the n-th officer of an agency, e.g. "FMA-1". */
export type OfficerName = `${Agency}-${number}`;

const officers = new Map<OfficerName, HDNodeWallet>();
for (const [agency, count] of Object.entries(SEATS)) {
  for (let n = 1; n <= count; ++n) {
    const phrase = `test test test test test test test test test test test junk`;
    officers.set(
      `${agency as Agency}-${n}`,
      HDNodeWallet.fromPhrase(phrase, undefined, `m/44'/60'/1'/0/${officers.size}`),
    );
  }
}

export const officer = (name: OfficerName): HDNodeWallet => officers.get(name)!;
export const officerIdOf = (name: OfficerName): Hex => keccak256(officer(name).address) as Hex;
export const addressOf = (signer: { address: string }): Address => signer.address as Address;
export const documentOf = (text: string): Hex => keccak256(toUtf8Bytes(text)) as Hex;
export const DOCUMENT = documentOf("ruling");

/** TypeChain's structs are mutable where viem's messages are not. */
type Mutable<T> = T extends readonly (infer E)[]
  ? Mutable<E>[]
  : T extends object
    ? { -readonly [K in keyof T]: Mutable<T[K]> }
    : T;
export const struct = <T>(value: T): Mutable<T> => value as Mutable<T>;

let salts = 0;
/** A fresh salt. */
export const nextSalt = (): Hex => keccak256(toUtf8Bytes(`salt ${++salts}`)) as Hex;

/** A last second to sign by that no test meets and no contract finds too far ahead, unless a test lives for a year. */
export const inTime = async (): Promise<bigint> => (await now()) + 300n * DAY;

/** The charter of the test deployment before anything is changed in it. */
export function charterFor(
  system: CharterInput["contracts"] & Pick<CharterInput, "assets" | "signBy">,
  changes: Partial<CharterInput> = {},
): Charter {
  return buildCharter({
    parameters: readParameters("kazakhstan"),
    seats: [...officers].map(([name, { address }]) => ({ agency: name.split("-")[0]!, signer: address as Address })),
    contracts: {
      ...{ docket: system.docket, disposal: system.disposal },
      ...{ register: system.register, vault: system.vault },
    },
    assets: system.assets,
    verifiers: [],
    document: documentOf("charter"),
    signBy: system.signBy,
    ...changes,
  });
}

/** EIP-712 digest signature of one wallet over an order. */
export async function signOrder(wallet: Signer, domain: Domain, order: Order): Promise<Hex> {
  const types: Record<string, { name: string; type: string }[]> = {};
  const collect = (type: string): void => {
    const fields = ORDER_TYPES[type as keyof typeof ORDER_TYPES] as
      readonly { name: string; type: string }[] | undefined;
    if (fields === undefined || types[type] !== undefined) return;
    types[type] = [...fields];
    for (const field of fields) collect(field.type.replace("[]", ""));
  };
  collect(order.primaryType);
  return (await wallet.signTypedData(domain, types, order.message)) as Hex;
}

/** The contracts deployed and not yet installed. */
export async function deployContracts() {
  await renewSignBy();
  const [deployer, issuer, treasury, stranger, alice, bob, carol] = await ethers.getSigners();
  const quorum = await ethers.deployContract("Quorum");
  const docket = await ethers.deployContract("Docket", [quorum]);
  const vault = await ethers.getContractAt("CaseVault", await docket.VAULT());
  const register = await ethers.deployContract("LicenceRegister", [quorum, docket]);
  const disposal = await ethers.deployContract("Disposal", [quorum, docket, register]);
  const system = [quorum, docket, disposal, register] as const;
  const lens = await ethers.deployContract("Lens", [...system]);
  const tenge = await ethers.deployContract("Tenge", [docket, issuer, "Tenge", "KZTE", 6]);
  const other = await ethers.deployContract("Tenge", [docket, issuer, "Dollar", "USDX", 6]);
  const address = async (contract: { getAddress(): Promise<string> }) => (await contract.getAddress()) as Address;
  const domain = domainOf(31337, await address(quorum));
  const addresses = {
    docket: await address(docket),
    disposal: await address(disposal),
    register: await address(register),
    vault: await address(vault),
    signBy: await inTime(),
    assets: await Promise.all(
      [tenge, other].map(async (asset) => ({ asset: await address(asset), treasury: addressOf(treasury!) })),
    ),
  };
  return {
    ...{ deployer: deployer!, issuer: issuer!, treasury: treasury!, stranger: stranger! },
    ...{ alice: alice!, bob: bob!, carol: carol! },
    ...{ quorum, docket, disposal, register, vault, lens, tenge, other, domain, addresses },
    kzte: await address(tenge),
    usdx: await address(other),
  };
}

/** Signatures of the charter's seats, in their order. */
export async function signCharter(charter: Charter, domain: Domain): Promise<Hex[]> {
  const wallets = new Map([...officers.values()].map((wallet) => [wallet.address.toLowerCase(), wallet]));
  return Promise.all(
    admissionsOf(charter).map((admission) => {
      const wallet = wallets.get(admission.message.signer.toLowerCase());
      if (wallet === undefined) throw new Error(`no test officer has the key ${admission.message.signer}`);
      return signOrder(wallet, domain, admission);
    }),
  );
}

/** The whole system, installed, with 1,000 KZTE on alice, bob and carol each. */
export async function deploySystem() {
  const system = await deployContracts();
  const { quorum, domain, issuer, tenge, addresses } = system;
  const charter = charterFor(addresses);
  await quorum.install(struct(charter), await signCharter(charter, domain));
  for (const holder of [system.alice, system.bob, system.carol]) {
    await tenge.connect(issuer).mint(holder, 1_000n * UNIT);
  }
  return { ...system, charter, caseId: encodeCaseId(CASE), ...actsOf(system) };
}

export type System = Awaited<ReturnType<typeof deploySystem>>;

interface Base {
  caseId?: string;
  document?: Hex;
  signBy?: bigint;
  salt?: Hex;
}

/** An officer by its name in the charter, or by its key when it came later. */
export type Decider = OfficerName | Wallet;

const keyOf = (who: Decider) => (typeof who === "string" ? officer(who) : who);

/** Nobody's, and nothing that could stand in for an approval that ended. */
export const NO_APPROVALS = { keys: "0x", others: [] };

/** Approvals of an order by officers, in the form that the contracts take. */
export async function approvalsOf(domain: Domain, order: Order, by: readonly Decider[]) {
  const approvals = await Promise.all(
    by.map(keyOf).map(async (key) => ({ signer: key.address as Hex, signature: await signOrder(key, domain, order) })),
  );
  return packApprovals(approvals);
}

/** One function per act: builds the order, has it approved by default or given officers, and executes it. */
export function actsOf({ domain, docket, disposal, quorum }: Awaited<ReturnType<typeof deployContracts>>) {
  const base = async ({ caseId = CASE, document = DOCUMENT, signBy, salt = nextSalt() }: Base) => {
    return { caseId, document, signBy: signBy ?? (await inTime()), salt };
  };
  const approve = (order: Order, by: readonly OfficerName[]) => approvalsOf(domain, order, by);
  /** All holds there are. */
  const newest = async () => Number(await docket.placements());
  return {
    approve,
    base,
    freeze: async (
      targets: Target[],
      {
        by = ["FMA-1", "FMA-2", "GPO-1"] as OfficerName[],
        term = Number(10n * DAY),
        ...rest
      }: Base & {
        by?: OfficerName[];
        term?: number;
      } = {},
    ) => {
      const order = buildFreeze({ ...(await base(rest)), targets, term });
      return docket.freeze([struct(order.message)], [await approve(order, by)], "0x");
    },
    arrest: async (
      { upTo, ...order }: { confirm?: Target[]; place?: Target[]; until: bigint; upTo?: number },
      { by = ["COURT-1", "FMA-1", "GPO-1"] as OfficerName[], ...rest }: Base & { by?: OfficerName[] } = {},
    ) => {
      const built = buildArrest({ ...(await base(rest)), ...order, upTo: upTo ?? (await newest()) });
      return docket.arrest([struct(built.message)], [await approve(built, by)], "0x");
    },
    lift: async (
      holds: Target[],
      {
        by = ["COURT-1", "COURT-2"] as OfficerName[],
        arrested = false,
        upTo,
        ...rest
      }: Base & {
        by?: OfficerName[];
        arrested?: boolean;
        upTo?: number;
      } = {},
    ) => {
      const order = buildLift({ ...(await base(rest)), holds, arrested, upTo: upTo ?? (await newest()) });
      return docket.lift(struct(order.message), await approve(order, by));
    },
    seize: async (
      holds: Target[],
      {
        by = ["COURT-1", "FMA-1", "GPO-1", "NBK-1"] as OfficerName[],
        upTo,
        ...rest
      }: Base & { by?: OfficerName[]; upTo?: number } = {},
    ) => {
      const order = buildSeize({ ...(await base(rest)), holds, upTo: upTo ?? (await newest()) });
      return docket.seize([struct(order.message)], [await approve(order, by)], "0x");
    },
    refund: async (
      holders: Refund[],
      {
        by = ["COURT-1", "NBK-1"] as OfficerName[],
        ...rest
      }: Base & {
        by?: OfficerName[];
      } = {},
    ) => {
      const order = buildReturn({ ...(await base(rest)), holders });
      return disposal.refund([struct(order.message)], [await approve(order, by)], "0x");
    },
    cancel: async (digest: Hex, by: OfficerName) => {
      const order = buildCancel({ order: digest, signBy: await inTime(), salt: nextSalt() });
      return quorum.cancel(order.message, await approve(order, [by]));
    },
  };
}

/** Unix seconds of the latest block. */
export const now = async (): Promise<bigint> => BigInt(await networkHelpers.time.latest());
