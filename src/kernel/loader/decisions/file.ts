import type { Decision } from "../loading.ts";
import { refuse } from "../verdict.ts";

/** An empty file is no module and is refused before anything is looked at. */
export const file: Decision = {
	id: "file",
	follows: "fs/kernel_read_file.c: kernel_read_file()",
	decide({ file: { length } }) {
		return length > 0 ? null : refuse("EINVAL", null, "file", "a module", "an empty file");
	},
};
