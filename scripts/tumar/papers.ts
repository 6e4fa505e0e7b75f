import { formatUnits } from "viem";
import { accountOf, ASSETS, MAIN, START, type Wallet } from "./wallets.ts";

/** Base units of claims on the pool of 1,240,000: an owner before five victims, who get half. */
export const CLAIMS: [id: string, of: "owner" | "victim", loss: string][] = [
  ["O1", "owner", "90000000000"],
  ["V1", "victim", "900000000000"],
  ["V2", "victim", "640000000000"],
  ["V3", "victim", "333333330000"],
  ["V4", "victim", "26666670000"],
  ["V5", "victim", "400000000000"],
];
export const CLAIMS_FILE = `claims/${MAIN.toLowerCase()}.csv`;

export const caseRuling = (id: string) => `rulings/${id.toLowerCase()}.md`;

export function freezeText(id: string, wallets: Wallet[]): string {
  const sums = ASSETS.flatMap(({ symbol }) => {
    const own = wallets.filter(({ asset }) => asset === symbol);
    const sum = formatUnits(
      own.reduce((total, { cents }) => total + cents, 0n),
      2,
    );
    return own.length === 0
      ? []
      : [`- ${sum} ${symbol} in ${own.length === 1 ? "one wallet" : `${own.length} wallets`}`];
  });
  const platforms = [...new Set(wallets.map(({ platform }) => platform))].sort();
  return `# Ruling in case ${id}

Invented for the exercise Operation Tumar.

- Date: ${START.slice(0, 10)}
- Group: ${wallets[0]?.group}
- Platforms: ${platforms.join(", ")}

The platforms exchanged digital assets without a licence. What their wallets hold of the proceeds is to be kept from disposal until the case is decided:

${sums.join("\n")}

The wallets and their amounts are those that the operation's target list names for this case. The restriction ends after ten days unless the court confirms it. Whoever is affected may contest it.
`;
}

/** Claims have base units, and payees that are nobody's wallet of the list. */
export const claimsText = (seed: string): string =>
  [
    "id,account,class,loss",
    ...CLAIMS.map(([id, of, loss]) => [id, accountOf(seed, `claimant/${id}`), of, loss].join(",")),
  ]
    .map((line) => `${line}\n`)
    .join("");
