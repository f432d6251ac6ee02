import { defineConfig } from "vitest/config";

export default defineConfig({
	test: {
		include: ["test/**/*.test.ts"],
		disableConsoleIntercept: true,
		globalSetup: ["test/helpers/build.ts", "test/helpers/machine.ts"],
		testTimeout: 30_000,
	},
});
