// Reads an order file, tells what it does, and computes what officers sign in two independent ways. Asks no node.
import { Docket } from "sequester-custody/abi";
import { digestOf, sentence } from "sequester-custody/orders";
import { readOrderFile } from "sequester-custody/orders/disk";
import { digestOfByEthers } from "sequester-custody/orders/ethers";
import { toFunctionSelector } from "viem";

const [file = "freeze.order.json"] = process.argv.slice(2);
const { order, domain } = await readOrderFile(file);
const [byViem, byEthers] = [digestOf(order, domain), digestOfByEthers(order, domain)];
if (byViem !== byEthers) throw new Error(`viem has ${byViem}, ethers ${byEthers}`);

const freeze = Docket.find((item) => item.type === "function" && item.name === "freeze")!;
console.log(sentence(order, domain, { asset: () => ({ symbol: "USDC", decimals: 6 }), agency: () => undefined }));
console.log(`digest ${byViem}`);
console.log(`executed by the docket's ${freeze.name}, ${toFunctionSelector(freeze)}`);
