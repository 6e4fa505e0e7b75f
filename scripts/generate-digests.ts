// Writes contracts/lens/Digests.sol: the contracts' own digest of every signed type.
//   node scripts/generate-digests.ts
import { writeFileSync } from "node:fs";
import { PRIMARY_TYPES } from "../src/orders/types.ts";

export const DIGESTS = new URL("../contracts/lens/Digests.sol", import.meta.url);

export const digestsSource = (): string => `// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {
    ${["OrderHash", ...PRIMARY_TYPES].join(",\n    ")}
} from "../types/Order.sol";
import {System} from "./System.sol";

/// @title Digests
/// @notice What officers sign, by the contracts' own reckoning: a third one beside those of viem and ethers.
abstract contract Digests is System {
    using OrderHash for *;

${PRIMARY_TYPES.map(digestOf).join("\n")}}
`;

const digestOf = (type: string) => `    /// @notice The digest that officers sign for a {${type}} (EIP-712).
    function digestOf${type}(${type} calldata order) external view returns (bytes32) {
        return _digest(order.hash());
    }
`;

if (import.meta.main) {
  writeFileSync(DIGESTS, digestsSource());
  console.error("Wrote contracts/lens/Digests.sol");
}
