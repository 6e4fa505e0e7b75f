import { AbiCoder } from "ethers";
import type { Address, Hex } from "viem";
import type { Order, PrimaryType } from "../../src/orders/index.ts";
import { NEVER } from "./charters.ts";
import { idsOf } from "./change.ts";
import { WHAT, type Effect } from "./docket.ts";
import {
  actsOf,
  addressOf,
  approvalsOf,
  charterFor,
  DAY,
  deployContracts,
  DOCUMENT,
  ethers,
  networkHelpers,
  nextSalt,
  now,
  signCharter,
  signOrder,
  struct,
  UNIT,
  type OfficerName,
} from "./fixture.ts";

/** No alternative. */
export const NONE = 255n;

const NAME = (text: string): Hex => ethers.encodeBytes32String(text) as Hex;
export const PLATFORM = NAME("EXCHANGE");
export const SUB_ACCOUNT = NAME("customer 7");

/**
 * The whole system with a third asset, RFSE, that says beforehand whom it refuses; two licensed wallets, `omnibus` and
 * `buyer`; in the vault of CASE-1 100 of each asset of alice, bob and carol; 100 of alice's held by CASE-2.
 */
export async function deployPreviews() {
  const contracts = await deployContracts();
  const { docket, quorum, domain, tenge, other, register, disposal, issuer, treasury, alice, bob, carol } = contracts;
  const refusing = await ethers.deployContract("RefusingTenge", [docket]);
  const rfse = (await refusing.getAddress()) as Address;
  const assets = [...contracts.addresses.assets, { asset: rfse, treasury: treasury.address as Address }];
  await quorum.install(
    ...(await (async () => {
      const charter = charterFor({ ...contracts.addresses, assets });
      return [struct(charter), await signCharter(charter, domain)] as const;
    })()),
  );
  const [omnibus, buyer] = (await ethers.getSigners()).slice(8, 10) as [typeof alice, typeof alice];
  const holders = [alice, bob, carol];
  for (const holder of [...holders, omnibus, buyer]) {
    await tenge.connect(issuer).mint(holder, 1_000n * UNIT);
    await other.connect(issuer).mint(holder, 1_000n * UNIT);
    await refusing.mint(holder, 1_000n * UNIT);
  }
  for (const asset of [tenge, other]) await asset.connect(buyer).approve(disposal, 2n ** 95n);
  for (const asset of [tenge, other]) await asset.connect(omnibus).approve(register, 2n ** 95n);
  for (const wallet of [omnibus, buyer]) {
    const message = {
      ...{ wallet: addressOf(wallet), platform: PLATFORM, omnibus: wallet === omnibus, until: NEVER },
      ...{ document: DOCUMENT, signBy: NEVER, salt: nextSalt() },
    };
    const order: Order<"License"> = { primaryType: "License", message };
    const approvals = await approvalsOf(domain, order, ["AFSA-1", "AFSA-2"]);
    await register.license(message, approvals, await signOrder(wallet, domain, order));
  }
  await networkHelpers.time.increase(8n * DAY);

  const acts = actsOf(contracts);
  const all = [contracts.kzte, contracts.usdx, rfse];
  const targets = (amount: bigint, who = holders) =>
    all
      .flatMap((asset) => who.map((holder) => ({ asset, account: addressOf(holder), amount: amount * UNIT })))
      .sort((a, b) => (a.asset + a.account < b.asset + b.account ? -1 : 1));
  await acts.arrest({ place: targets(150n), until: (await now()) + 100n * DAY });
  await acts.seize(targets(100n));
  await acts.freeze(targets(100n, [alice]), { caseId: "CASE-2" });
  return { ...contracts, ...acts, refusing, rfse, omnibus, buyer, all, targets };
}

export type Previews = Awaited<ReturnType<typeof deployPreviews>>;

/** What a test may want besides the order and who approves it. */
export interface Extra {
  alternative?: number;
  /** The candidate's, holder's or wallet's own signature. */
  consent?: Hex;
  from?: bigint;
  count?: bigint;
}

const LENS: Record<PrimaryType, "holdLens" | "disposalLens" | "changeLens"> = {
  ...{ Freeze: "holdLens", Arrest: "holdLens", Lift: "holdLens", Seize: "holdLens", ExchangeHold: "holdLens" },
  ...{ Return: "disposalLens", Forfeit: "disposalLens", Compensate: "disposalLens", Convert: "disposalLens" },
  ...{ Transfer: "disposalLens", Appeal: "disposalLens", Stay: "changeLens", Veto: "changeLens", Cancel: "changeLens" },
  ...{ Admit: "changeLens", Dismiss: "changeLens", Configure: "changeLens", SetTreasury: "changeLens" },
  ...{ SetAdapter: "changeLens", License: "changeLens", Suspend: "changeLens" },
};

/** Types whose previews come in pages. */
const PAGED: readonly PrimaryType[] = ["Freeze", "Arrest", "Lift", "Seize", "Return"];
/** Types that need the signature of somebody who is no officer. */
const WITH_CONSENT: readonly PrimaryType[] = ["Admit", "License", "Appeal"];

export interface Shown {
  digest: Hex;
  act: bigint;
  entry: bigint;
  passes: boolean;
  alternative: bigint;
  needs: { officers: bigint; missing: bigint; delay: bigint; grace: bigint; term: bigint }[];
  votes: { officerId: string; agency: bigint; standing: bigint }[];
  delayed: { act: bigint; state: bigint; start: bigint; deadline: bigint; stays: bigint; appealed: boolean };
  obstacles: string[];
  effects: Effect[];
}

type Approvals = Awaited<ReturnType<typeof approvalsOf>>;

/** What a lens tells of an order, in the block to come. */
export async function previewOf(
  system: Previews,
  order: Order,
  approvals: Approvals,
  extra: Extra = {},
): Promise<Shown> {
  const lens = system[LENS[order.primaryType]] as Previews["holdLens"];
  const args: unknown[] = [order.message];
  if (order.primaryType !== "Appeal") args.push(approvals);
  if (WITH_CONSENT.includes(order.primaryType)) args.push(extra.consent ?? "0x");
  if (PAGED.includes(order.primaryType)) args.push(extra.from ?? 0n, extra.count ?? 1_000n);
  const name = `preview${order.primaryType}`;
  const data = lens.interface.encodeFunctionData(name as never, args as never);
  const answer = await ethers.provider.call({ to: lens, data, blockTag: "pending" });
  const [shown] = lens.interface.decodeFunctionResult(name as never, answer) as unknown as [
    Omit<Shown, "effects"> & { effects: string },
  ];
  const { digest, act, entry, passes, alternative, needs, votes, delayed, obstacles, effects } = shown;
  return {
    ...{ digest, act, entry, passes, alternative, delayed },
    ...{ needs: [...needs], votes: [...votes], obstacles: [...obstacles], effects: decodeEffects(effects) },
  };
}

/** The call that brings an order: its act or, with the ids of its approvers, the execution of what is scheduled. */
export async function callOf(
  system: Previews,
  { primaryType, message }: Order,
  approvals: Approvals,
  { consent = "0x" }: Extra = {},
  ids?: readonly Hex[],
): Promise<{ to: string; data: string; from?: string }> {
  const { docket, disposal, register, quorum } = system;
  const to = (
    contract: typeof docket | typeof disposal | typeof register | typeof quorum,
    name: string,
    args: unknown[],
  ) =>
    (async () => ({
      to: await contract.getAddress(),
      data: (contract.interface as typeof docket.interface).encodeFunctionData(name as never, args as never),
    }))();
  if (ids !== undefined) {
    const executor = ["Admit", "Configure"].includes(primaryType)
      ? quorum
      : primaryType === "SetTreasury"
        ? docket
        : disposal;
    const more = primaryType === "Convert" ? [message.leastProceeds] : [];
    const call = await to(executor, `execute${primaryType}`, [message, ids, ...more]);
    return primaryType === "Convert" ? { ...call, from: message.wallet } : call;
  }
  switch (primaryType) {
    case "Freeze":
      return to(docket, "freeze", [[message], [approvals]]);
    case "Arrest":
    case "Lift":
    case "Seize":
    case "SetTreasury":
      return to(docket, primaryType[0]!.toLowerCase() + primaryType.slice(1), [message, approvals]);
    case "Return":
      return to(disposal, "refund", [message, approvals]);
    case "Forfeit":
    case "Compensate":
    case "Convert":
    case "Transfer":
      return to(disposal, primaryType.toLowerCase(), [message, approvals]);
    case "Appeal":
      return to(disposal, "appeal", [message, consent]);
    case "ExchangeHold":
      return to(register, "exchangeHold", [message, approvals]);
    case "License":
      return to(register, "license", [message, approvals, consent]);
    case "Suspend":
      return to(register, "suspend", [message, approvals]);
    case "Admit":
      return to(quorum, "admit", [message, approvals, consent]);
    case "Stay":
    case "Veto":
    case "Cancel":
    case "Dismiss":
    case "Configure":
      return to(quorum, primaryType.toLowerCase(), [message, approvals]);
    case "SetAdapter":
      throw new Error("no contract executes SetAdapter");
  }
}

/** With what a call would revert in the block to come; undefined where it would not. */
export async function refusalOf(call: { to: string; data: string; from?: string }): Promise<string | undefined> {
  try {
    await ethers.provider.call({ ...call, blockTag: "pending" });
    return undefined;
  } catch (error) {
    return (error as { data?: string }).data ?? "0x";
  }
}

/** The ids that an order was scheduled with. */
export const approversOf = (by: readonly OfficerName[]): Hex[] => idsOf(by);

const EFFECTS = ["tuple(uint8 what,address asset,address account,uint256 amount,uint256 value)[]"];

export function decodeEffects(encoded: string): Effect[] {
  const [effects] = AbiCoder.defaultAbiCoder().decode(EFFECTS, encoded) as unknown as [Effect[]];
  return effects.map(({ what, asset, account, amount, value }) => ({ what, asset, account, amount, value }));
}

const NUMBER = (2n ** 32n - 1n) << 176n;

/** Effects as a preview tells them: no ends by time, and no number on a hold that is placed. */
export const foreseeable = (effects: readonly Effect[]): Effect[] =>
  effects
    .filter(({ what }) => what !== WHAT.LAPSED)
    .map((effect) =>
      effect.what === WHAT.HELD || effect.what === WHAT.ARRESTED
        ? { ...effect, value: effect.value & ~NUMBER }
        : effect,
    );
