import { Option } from "commander";
import { LANGUAGES } from "../base/languages.ts";

/** The option by which a command is told in which language to speak. */
export const languageOption = (): Option =>
  new Option("--lang <language>", "of sentences and tables: English, Russian or Kazakh")
    .choices(LANGUAGES)
    .default("en");
