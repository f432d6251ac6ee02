import { defineConfig } from "vitest/config";

export default defineConfig({
	test: {
		include: ["test/**/*.test.ts"],
		disableConsoleIntercept: true,
		globalSetup: ["test/helpers/build.ts", "test/helpers/machine.ts"],
		// A new git goes on with maintenance in the background, while a test removes its repository.
		// What one test prepared is not to answer for another: tests of the store turn it on.
		env: {
			KPREP_STORE: "none",
			GIT_CONFIG_COUNT: "2",
			...{ GIT_CONFIG_KEY_0: "maintenance.auto", GIT_CONFIG_VALUE_0: "false" },
			...{ GIT_CONFIG_KEY_1: "gc.auto", GIT_CONFIG_VALUE_1: "0" },
		},
		testTimeout: 60_000,
		// Hooks unpack and remove kernel trees, which a slow disk takes its time for.
		hookTimeout: 300_000,
		// Both cores of the smallest machine that the suite is meant for.
		maxWorkers: 2,
		coverage: {
			provider: "v8",
			// What is pure must be covered by unit tests alone; the rest is held by integration and end-to-end tests.
			include: ["src/kernel/**", "src/formats/**"],
			thresholds: { lines: 85, branches: 80 },
		},
	},
});
