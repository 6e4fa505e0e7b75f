import type { Address, Hex } from "viem";
import type { Order } from "../../src/orders/index.ts";
import { NEVER } from "./charters.ts";
import {
  actsOf,
  addressOf,
  approvalsOf,
  charterFor,
  DAY,
  deployContracts,
  DOCUMENT,
  ethers,
  inTime,
  networkHelpers,
  nextSalt,
  now,
  signCharter,
  signOrder,
  struct,
  UNIT,
} from "./fixture.ts";

const NAME = (text: string): Hex => ethers.encodeBytes32String(text) as Hex;
export const PLATFORM = NAME("EXCHANGE");
export const SUB_ACCOUNT = NAME("customer 7");

/**
 * The whole system with a third asset, RFSE, that says beforehand whom it refuses; two licensed wallets, `omnibus` and
 * `buyer`; in the vault of CASE-1 100 of each asset of alice, bob and carol; 100 of alice's held by CASE-2.
 */
export async function deployCrowd() {
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
      ...{ document: DOCUMENT, signBy: await inTime(), salt: nextSalt() },
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

export type Crowd = Awaited<ReturnType<typeof deployCrowd>>;
