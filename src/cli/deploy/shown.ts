import { oneLine } from "../../base/words.ts";
import type { CharterFile } from "../../deployment/charterFile.ts";
import { settledBy } from "../../deployment/charterWords.ts";

/** A charter in words, a line for each thing that it settles. */
export const charterLines = ({ chainId, addresses, paper, charter }: CharterFile): string[] => [
  `A charter on chain ${chainId}, Quorum ${addresses.quorum}`,
  `  paper: ${oneLine(paper.file)}, SHA-256 ${paper.sha256}`,
  ...[...settledBy(charter, addresses)].map(([name, value]) => `  ${name}: ${oneLine(value)}`),
];
