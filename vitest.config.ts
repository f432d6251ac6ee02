import { defineConfig } from "vitest/config";

export default defineConfig({
	test: {
		include: ["test/**/*.test.ts"],
		disableConsoleIntercept: true,
		globalSetup: ["test/helpers/build.ts", "test/helpers/machine.ts"],
		testTimeout: 30_000,
		coverage: {
			provider: "v8",
			// What is pure must be covered by unit tests alone; the rest is held by integration and end-to-end tests.
			include: ["src/kernel/**", "src/formats/**"],
			thresholds: { lines: 85, branches: 80 },
		},
	},
});
