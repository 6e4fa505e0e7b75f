import type { Address } from "viem";
import type { CharterInput } from "../../src/deployment/charter.ts";
import { domainOf, encodeCaseId, type Target } from "../../src/orders/index.ts";
import { changesIn } from "./acts/changes.ts";
import { disposalsIn } from "./acts/disposals.ts";
import { holdsIn } from "./acts/holds.ts";
import { CASE } from "./acts/signed.ts";
import { addressOf, ethers, inTime, newAddress, now, renewSignBy } from "./chain.ts";
import { charterFor, signCharter } from "./charters.ts";
import { target } from "./entries.ts";
import { moneyIn, UNIT } from "./money.ts";
import { struct } from "./officers.ts";
import { DAY } from "./parameters.ts";

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
    deployer: deployer!,
    issuer: issuer!,
    treasury: treasury!,
    stranger: stranger!,
    alice: alice!,
    bob: bob!,
    carol: carol!,
    quorum,
    docket,
    disposal,
    register,
    vault,
    lens,
    tenge,
    other,
    domain,
    addresses,
    kzte: await address(tenge),
    usdx: await address(other),
  };
}

export type Contracts = Awaited<ReturnType<typeof deployContracts>>;

/** Installs deployed contracts under the charter, changed where a test says so. */
export async function install(
  { quorum, domain, addresses }: Pick<Contracts, "quorum" | "domain" | "addresses">,
  changes: Partial<CharterInput> = {},
) {
  const charter = charterFor(addresses, changes);
  await quorum.install(struct(charter), await signCharter(charter, domain));
  return charter;
}

/** What anybody can do in one system: a function per act. */
export function actsIn(contracts: Contracts) {
  const { arrest, seize, ...holds } = holdsIn(contracts);
  return {
    ...holds,
    arrest,
    seize,
    ...changesIn(contracts),
    ...disposalsIn(contracts),
    ...moneyIn(contracts),
    /** Arrests and seizes what is named. */
    take: async (targets: Target[], { caseId = CASE } = {}) => {
      await arrest({ place: targets, until: (await now()) + 100n * DAY }, { caseId });
      return seize(targets, { caseId });
    },
  };
}

/** The whole system, installed, besides the two assets with further ones. */
export async function installed<C extends Contracts>(contracts: C, further: readonly Address[] = []) {
  const assets = [
    ...contracts.addresses.assets,
    ...further.map((asset) => ({ asset, treasury: addressOf(contracts.treasury) })),
  ];
  const charter = await install(contracts, { assets });
  return { ...contracts, charter, caseId: encodeCaseId(CASE), ...actsIn(contracts) };
}

/** The whole system, installed, with 1,000 KZTE on alice, bob and carol each. */
export async function deploySystem() {
  const contracts = await deployContracts();
  const system = await installed(contracts);
  const { tenge, issuer, alice, bob, carol } = contracts;
  for (const holder of [alice, bob, carol]) await tenge.connect(issuer).mint(holder, 1_000n * UNIT);
  return system;
}

export type System = Awaited<ReturnType<typeof deploySystem>>;

/** Of 150 base units that CASE-1 arrested on alice's account, it took 100. */
export async function deployPartlySeized() {
  const system = await deploySystem();
  const { kzte, alice, arrest, seize, docket, caseId } = system;
  await arrest({ place: [target(kzte, alice, 150n)], until: (await now()) + 100n * DAY });
  await seize([target(kzte, alice, 100n)]);
  return { ...system, vaultAt: (await docket.vaultOf(caseId)) as Address };
}

/** An account that holds `amount` base units of the system's first asset, or of another. */
export async function holderOf(
  { tenge, issuer }: Pick<System, "tenge" | "issuer">,
  amount: bigint,
  asset: System["tenge"] = tenge,
): Promise<Address> {
  const account = newAddress();
  await asset.connect(issuer).mint(account, amount);
  return account;
}
