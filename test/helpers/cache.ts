import { homedir } from "node:os";
import { join } from "node:path";

/** Where tests keep what they downloaded and unpacked between runs: KPREP_TEST_CACHE, else below the user's cache folder. */
export function cacheFolder(): string {
	const cache = process.env.XDG_CACHE_HOME || join(homedir(), ".cache");
	return process.env.KPREP_TEST_CACHE || join(cache, "kprep", "test");
}
