import { describe, expect, it } from "vitest";
import { readBoards } from "../../../../src/host/machine/boards.ts";
import { type BoardQuestion, boardsOf, parseBoard } from "../../../../src/kernel/source/board.ts";

/** Releases as people reported them, the maker, and the ref (or address, where there is none) of the best source. */
const RECORDED: [BoardQuestion, string, string][] = [
	[{ release: "6.6.31+rpt-rpi-v8", sourceVersion: "1:6.6.31-1+rpt1" }, "raspberry-pi", "6.6.31-1+rpt1"],
	[{ release: "6.12.25+rpt-rpi-2712" }, "raspberry-pi", "rpi-6.12.y"],
	[{ release: "5.10.63-v7l+" }, "raspberry-pi", "rpi-5.10.y"],
	[{ release: "6.1.21-v8+" }, "raspberry-pi", "rpi-6.1.y"],
	[{ release: "4.19.104-microsoft-standard" }, "wsl2", "4.19.104-microsoft-standard"],
	[{ release: "5.4.72-microsoft-standard-WSL2" }, "wsl2", "linux-msft-5.4.72"],
	[{ release: "5.15.90.1-microsoft-standard-WSL2" }, "wsl2", "linux-msft-wsl-5.15.90.1"],
	[{ release: "6.6.87.2-microsoft-standard-WSL2" }, "wsl2", "linux-msft-wsl-6.6.87.2"],
	[{ release: "4.9.253-tegra" }, "jetson", "tegra-l4t-r32.7.1"],
	[{ release: "5.10.120-tegra" }, "jetson", "jetson_35.4.1"],
	[{ release: "5.15.136-tegra" }, "jetson", "jetson_36.3"],
	[{ release: "6.1.52-valve16-1-neptune-61" }, "steamos", "6.1.52-valve16"],
	[{ release: "6.5.0-valve22-1-neptune-65-g9a338ed8a75e" }, "steamos", "6.5.0-valve22"],
	[{ release: "5.10.157-android13-4-00001-g5ed1c5ff6a26-ab9830230" }, "android-gki", "5ed1c5ff6a26"],
	[{ release: "6.1.23-android14-4-00257-g7e35917775b8-ab9964412" }, "android-gki", "7e35917775b8"],
	[{ release: "5.15.123-android13-8-gdeadbeef0123" }, "android-gki", "deadbeef0123"],
	[{ release: "6.1.75-android14-11" }, "android-gki", "android14-6.1"],
	[{ release: "5.15.0-91-generic", sourceVersion: "5.15.0-91.101" }, "ubuntu", "Ubuntu-5.15.0-91.101"],
	[{ release: "6.8.0-45-generic", version: "6.8.12" }, "ubuntu", "Ubuntu-6.8.0-45.*"],
	[{ release: "5.15.0-1051-aws" }, "ubuntu", "Ubuntu-aws-5.15.0-1051.*"],
	[{ release: "5.4.0-1103-raspi" }, "ubuntu", "Ubuntu-raspi-5.4.0-1103.*"],
	[{ release: "6.1.0-18-amd64", version: "6.1.76", sourceVersion: "6.1.76-1" }, "debian", "debian/6.1.76-1"],
	[{ release: "6.12.9+bpo-amd64", sourceVersion: "6.12.9-1~bpo12+1" }, "debian", "debian/6.12.9-1_bpo12+1"],
	[{ release: "6.12.38+deb13-cloud-arm64", sourceVersion: "6.12.38-1" }, "debian", "debian/6.12.38-1"],
	[
		{ release: "6.8.11-amd64", os: ["kali", "debian"], sourceVersion: "6.8.11-1kali2" },
		"kali",
		"kali/6.8.11-1kali2",
	],
	[
		{ release: "6.8.5-301.fc40.x86_64" },
		"fedora",
		"https://kojipkgs.fedoraproject.org/packages/kernel/6.8.5/301.fc40/src/kernel-6.8.5-301.fc40.src.rpm",
	],
	[
		{ release: "3.10.0-1160.el7.x86_64" },
		"rhel",
		"https://vault.centos.org/7.9.2009/os/Source/SPackages/kernel-3.10.0-1160.el7.src.rpm",
	],
	[{ release: "4.18.0-513.5.1.el8_9.x86_64" }, "rhel", "kernel-4.18.0-513.el8"],
	[{ release: "5.14.0-362.8.1.el9_3.x86_64" }, "rhel", "5.14.0-362.8.1.el9_3"],
	[{ release: "6.12.0-55.9.1.el10_0.aarch64" }, "rhel", "6.12.0-55.9.1.el10_0"],
	[{ release: "5.15.0-100.96.32.el8uek.x86_64" }, "oracle-uek", "v5.15.0-100.96.32"],
	[{ release: "5.10.192-183.736.amzn2.x86_64" }, "amazon", "kernel-5.10.192-183.736.amzn2"],
	[{ release: "6.1.55-75.123.amzn2023.x86_64" }, "amazon", "kernel-6.1.55-75.123.amzn2023"],
	[{ release: "5.15.153.1-2.cm2" }, "azure-linux", "rolling-lts/mariner-2/5.15.153.1"],
	[{ release: "5.10.0-136.12.0.86.oe2203sp1.x86_64" }, "openeuler", "5.10.0-136.12.0.86.oe2203sp1"],
	[{ release: "5.10.134-16.an8.x86_64" }, "anolis", "5.10.134-16"],
	[{ release: "6.4.0-150600.23.7-default" }, "suse", "rpm-6.4.0-150600.23.7"],
	[{ release: "6.9.1-1-default" }, "suse", "rpm-6.9.1-1"],
	[{ release: "6.9.1-arch1-1" }, "arch", "v6.9.1-arch1"],
	[{ release: "6.9-arch1-1", version: "6.9.0" }, "arch", "v6.9-arch1"],
	[{ release: "6.9.1-zen1-1-zen" }, "arch", "v6.9.1-zen1"],
	[{ release: "6.6.31-1-lts", os: ["arch"] }, "arch", "v6.6.31"],
	[{ release: "6.6.30-2-MANJARO" }, "manjaro", "v6.6.30"],
	[{ release: "6.6.31-0-lts", os: ["alpine"] }, "alpine", "v6.6.31"],
	[{ release: "6.6.30_1" }, "void", "v6.6.30"],
	[{ release: "5.15.150", os: ["openwrt", "lede"] }, "openwrt", "v5.15.150"],
	[{ release: "6.6.30", os: ["nixos"] }, "nixos", "v6.6.30"],
	[{ release: "6.6.30-flatcar" }, "flatcar", "v6.6.30"],
	[{ release: "6.8.4-2-pve" }, "proxmox", "*"],
	[{ release: "5.10.168-ti-r72" }, "beagleboard", "5.10.168-ti-r72"],
	[{ release: "5.15.36-xilinx-v2022.2" }, "xilinx", "xilinx-v2022.2"],
	[{ release: "5.15.71+g3313732e9984" }, "nxp-imx", "3313732e9984"],
	[{ release: "5.10.159-20950-g0eb5ff0c4a2f" }, "chromeos", "0eb5ff0c4a2f"],
	[{ release: "6.9.1-x64v3-xanmod1" }, "xanmod", "6.9.1-xanmod1"],
];

describe("boardsOf", () => {
	it.each(RECORDED)("%o comes from %s at %s", (question, id, ref) => {
		const [first] = boardsOf(question, readBoards());
		expect(first?.board.id).toBe(id);
		const [source] = first?.sources ?? [];
		expect(source?.ref ?? source?.where).toBe(ref);
	});

	it("says which answer is not the very source", () => {
		const exact = (release: string) => boardsOf({ release }, readBoards())[0]?.sources[0]?.exact;
		expect(exact("6.9.1-arch1-1")).toBe(true);
		expect(exact("5.10.63-v7l+")).toBe(false);
		expect(exact("5.15.0-91-generic")).toBe(false);
	});

	it("names the configuration and the toolchain of a board", () => {
		const [pi] = boardsOf({ release: "6.1.21-v8+" }, readBoards());
		expect(pi?.config).toBe("arch/arm64/configs/bcm2711_defconfig");
		const [wsl] = boardsOf({ release: "6.6.87.2-microsoft-standard-WSL2", arch: "arm64" }, readBoards());
		expect(wsl?.config).toBe("Microsoft/config-wsl-arm64");
	});

	it.each(["6.6.30", "6.6.30+", "4.4.302+", "6.1.0-rc3", "6.6.30-custom", "", "x".repeat(5000)])(
		"makes nothing of %.20s without a root that says more",
		(release) => {
			expect(boardsOf({ release }, readBoards())).toEqual([]);
		},
	);

	it("asks the architecture where a board has one", () => {
		expect(boardsOf({ release: "5.10.120-tegra", arch: "x86" }, readBoards())).toEqual([]);
	});
});

describe("parseBoard", () => {
	it("refuses a pattern that is not for the whole release, and unknown keys", () => {
		const board = { id: "x", name: "X", kind: "board", facts: "", rules: [] as unknown[] };
		expect(() => parseBoard({ ...board, rules: [{ release: "tegra", sources: [] }] })).toThrow();
		expect(() => parseBoard({ ...board, colour: "red" })).toThrow();
		expect(parseBoard(board).id).toBe("x");
	});
});
