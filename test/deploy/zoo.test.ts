// Long: deploys through every species of a faulty node to one of another make.
import { openSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { encryptKeystoreJson } from "ethers";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { getAddress, parseEther, type Address } from "viem";
import { officersFor } from "../../src/deployment/local.ts";
import { HONEST, HOPELESS, hurry, nodeBehind, PATIENT, TAKERS, zooNode, type Species } from "../src/chain/zoo.ts";
import { sequester } from "../src/cli/inProcess.ts";
import { removeTemporaryFolders, temporaryFolder } from "../src/operation/folders.ts";
import { PARAMETERS } from "../system/parameters.ts";
import { startAnvil } from "./anvil.ts";

const CHAIN = 11_155_111;
const PASSWORD = "correct horse battery staple";
/** Quorum, Docket, LicenceRegister, Disposal, Lens, three verifiers, one asset. */
const CONTRACTS = 9;
const other = (byte: string): Address => getAddress(`0x${byte.repeat(20)}`);

describe("a deployment through a zoo of faulty nodes", function () {
  this.timeout(120_000);
  let anvil: Awaited<ReturnType<typeof startAnvil>>;
  let empty: `0x${string}`;
  let deployer: Address;
  let dir: string;
  let unhurry: () => void;
  const at = (name: string) => path.join(dir, name);

  const newKeystore = async (name: string): Promise<Address> => {
    const privateKey = generatePrivateKey();
    const { address } = privateKeyToAccount(privateKey);
    writeFileSync(
      at(name),
      await encryptKeystoreJson({ address, privateKey }, PASSWORD, { scrypt: { N: 2, r: 1, p: 1 } }),
    );
    return address;
  };

  before(async () => {
    dir = temporaryFolder();
    anvil = await startAnvil(CHAIN);
    writeFileSync(at("password"), `${PASSWORD}\n`);
    writeFileSync(at("decree.md"), "# A decree\n");
    deployer = await newKeystore("deployer.json");
    await anvil.client.setBalance({ address: deployer, value: parseEther("10") });
    const rows: string[] = [];
    for (const { agency, name } of officersFor(PARAMETERS)) {
      await newKeystore(`${name}.json`);
      rows.push(`${agency},key,${name}.json\n`);
    }
    writeFileSync(at("seats.csv"), `agency,kind,signer\n${rows.join("")}`);
    const who = ["--deployer", deployer, "--seats", at("seats.csv"), "--treasury", other("7e")];
    const what = ["--paper", at("decree.md"), "--asset", `KZTE,6,issuer=${other("1a")},name=Tenge`];
    const how = ["--chain-id", String(CHAIN), "--sign-by", "30d", "-o", at("plan.json")];
    const planned = await sequester(["deploy", "plan", ...how, ...who, ...what]);
    expect(planned.code, planned.stderr).to.equal(0);
    empty = await anvil.client.snapshot();
    unhurry = hurry(20);
  });
  afterEach(async () => {
    await anvil.client.revert({ id: empty });
    empty = await anvil.client.snapshot();
  });
  after(async () => {
    unhurry?.();
    await anvil?.stop();
    removeTemporaryFolders();
  });

  const run = async (species: Species, folder: string) => {
    const { url, stop } = await zooNode(species, nodeBehind(anvil.url));
    const key = ["--keystore", at("deployer.json"), "--password-fd", String(openSync(at("password"), "r"))];
    const place = ["--rpc", url, "--dir", folder];
    const told = await sequester(["deploy", "run", at("plan.json"), ...place, ...key, "--yes", "--json"]);
    stop();
    return told;
  };
  const count = () => anvil.client.getTransactionCount({ address: deployer });

  let folders = 0;
  /** Runs it at a node of a species, and, where that was at fault, again at an honest one; not where nothing was sent, unless told. */
  const ends = async (species: Species, always = false) => {
    const folder = at(`deployment-${++folders}`);
    const told = await run(species, folder);
    if (told.code === 0) return expect(await count()).to.equal(CONTRACTS);
    // What was dropped may be the market's doing as well as the node's.
    expect(told.code, told.stderr).to.equal(told.stderr.includes("not settled yet") ? 1 : 5);
    expect(told.stderr)
      .to.match(/^sequester: [A-Z]/m)
      .and.not.include("unexpected fault");
    if ((await count()) === 0 && !always) return undefined;
    const again = await run(() => HONEST, folder);
    expect(again.code, again.stderr).to.equal(0);
    return expect(await count()).to.equal(CONTRACTS);
  };

  const busy = Object.entries(PATIENT).filter(([name]) => name.includes("first"));
  for (const [name, species] of [...busy, ...Object.entries(TAKERS)]) {
    it(`deploys each contract once, if need be when it is run again, at a node that ${name}`, async () => {
      await ends(species(), true);
    });
  }

  // Those that answer everything alike end at the first request, as any command does.
  const others = Object.entries(HOPELESS).filter(([name]) => !/^answers (?!calls|HTML)/.test(name));
  for (const [name, species] of others) {
    it(`ends with the node's fault, and goes on at an honest one, where it ${name}`, async () => {
      await ends(species());
    });
  }
});
