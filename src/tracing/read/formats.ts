/** Names of the forms in which transfers are published. */
export type FormatName = "sequester" | "ethereum-etl" | "cryo" | "etherscan" | "transaction-index";
