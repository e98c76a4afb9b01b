# custody: `make run` and `make test` are all there is to set up. Both first install the Debian packages that are missing
# (packages.txt); nothing is asked of apt when none is.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

PORT ?= 8080
HOST ?= 127.0.0.1
DATA ?= demo-data
CLUSTER ?= cluster-data
# Where a test run leaves what it printed, and its screenshots.
OUTPUT ?= $(CURDIR)/ci-output

release := .build/release
# Folders too, so that a file taken away counts as a change.
sources := $(shell find Package.swift Sources)

.PHONY: help
help: ## show this list
	@sed -nE 's/^([a-z-]+):.*## (.*)/  make \1\t\2/p' Makefile | expand -t 20
	@echo '  Variables: PORT=8080 HOST=127.0.0.1 DATA=demo-data (for run), CLUSTER=cluster-data (for cluster-demo), OUTPUT=ci-output (for test)'

.PHONY: run
run: build ## build what changed, then run the demo station and its centre
	@exec $(release)/custody demo --host '$(HOST)' --port '$(PORT)' --data '$(DATA)'

# Its own folder and ports: two stations, a centre, and the lines between them (PORT to PORT+4).
.PHONY: cluster-demo
cluster-demo: build ## two stations and a centre on PostgreSQL; README tells how to cut one off, and what to try
	@scripts/packages cluster
	@exec $(release)/custody cluster --host '$(HOST)' --port '$(PORT)' --data '$(CLUSTER)'

.PHONY: build
build: packages-run $(release)/.built ## the release build, in .build/release

# The package manager takes seconds to find that nothing changed; a time stamp takes none.
$(release)/.built: $(sources)
	swift build -c release
	@touch $@

.PHONY: packages-run packages-test
packages-run:
	@scripts/packages run
packages-test:
	@scripts/packages run test

# Tests of whole programs run after the others: all at once they hold more than the 1,300 open files beyond which Foundation's
# Process reads behind its list of them.
# So many abreast: with all at once on two cores, a browser, a cluster or a socket waits for minutes for its turn.
abreast := 8
whole := ^(EndToEndTests|FeedTests|SimulationTests|HTTPServingTests|BackupTests)\.

.PHONY: test
test: packages-test ## every test and check; what it prints and its screenshots stay in ci-output
	@mkdir -p '$(OUTPUT)'
	@$(MAKE) --no-print-directory lint
	@$(MAKE) --no-print-directory -C Tests/Rig
	swift build --build-tests 2>&1 | tee '$(OUTPUT)/build.log'
	@status=0; \
	CI_OUTPUT='$(OUTPUT)' swift test --skip-build --disable-xctest --skip '$(whole)' 2>&1 \
	  | tee '$(OUTPUT)/test.log' || status=$$?; \
	CI_OUTPUT='$(OUTPUT)' swift test --skip-build --disable-xctest --filter '$(whole)' \
	  --experimental-maximum-parallelization-width $(abreast) 2>&1 \
	  | tee -a '$(OUTPUT)/test.log' || status=$$?; \
	scripts/check-readme .build/debug 2>&1 | tee '$(OUTPUT)/readme.log' || status=$$?; \
	scripts/check-api .build/debug 40 2>&1 | tee '$(OUTPUT)/api.log' || status=$$?; \
	scripts/totals '$(OUTPUT)/test.log' || status=$$?; \
	exit $$status

SEEDS ?= 1000000
FIRST ?= 1001
MINUTES ?= 10
.PHONY: soak
soak: packages-test ## worlds of simulated stations (docs/faults.md): SEEDS=1000000 from FIRST=1001, none begun after MINUTES=10
	swift build --build-tests
	CUSTODY_SIM_SEEDS='$(SEEDS)' CUSTODY_SIM_FIRST='$(FIRST)' CUSTODY_SIM_MINUTES='$(MINUTES)' \
	  swift test --skip-build --disable-xctest --filter 'SimulationTests/seeds'

.PHONY: test-kernel
test-kernel: build ## the built station on a real USB stack: Debian's kernel under QEMU (on demand; some minutes)
	@scripts/packages kernel
	@Tests/Kernel/run $(release)/custody

.PHONY: lint
lint: ## format, the order of the rooms, whether the documents agree with the code, and whether each text has its German
	@swift format lint --strict --recursive --parallel Package.swift Sources Tests Benchmarks
	@scripts/check-rooms
	@scripts/check-imports
	@scripts/check-documents
	@scripts/untranslated --lint

# Labelled pictures for `make bench`; a larger set tells more.
MANIFEST ?= Tests/Vectors/BarcodeVision/manifest.jsonl
# Each stops within five minutes; the largest takes one.
measure := timeout --kill-after=10 300
benchmarks := Benchmarks/.build/release

.PHONY: bench
bench: build ## the figures of docs/performance.md; MANIFEST=… for pictures of your own
	swift build -c release --package-path Benchmarks
	$(measure) $(benchmarks)/chain-verify
	$(measure) $(benchmarks)/identify-speed
	$(measure) $(benchmarks)/scanner-protocols
	$(measure) scripts/bench-sllurp $(benchmarks)/scanner-protocols
	$(measure) taskset -c 0 $(benchmarks)/reader-network
	$(measure) $(benchmarks)/carton-speed
	$(measure) taskset -c 0 $(benchmarks)/count-speed
	$(measure) taskset -c 0 $(benchmarks)/label-speed
	$(measure) scripts/bench-blabel $(benchmarks)/label-speed
	$(measure) $(benchmarks)/decode-overhead Tests/Vectors/BarcodeVision/*.{jpg,png,webp}
	$(measure) $(benchmarks)/read-accuracy '$(MANIFEST)' --custody $(release)/custody
	$(measure) taskset -c 0 $(benchmarks)/camera-speed Tests/Vectors/BarcodeVision/{qr,itf,upce,two-ean13,databar}.png
	$(measure) scripts/bench-centre $(benchmarks)/centre-speed 8 4000
	$(measure) $(benchmarks)/reconnect $(release)/custody
	$(measure) scripts/bench-scans $(release)/custody $(benchmarks)/scan-http
	$(measure) scripts/bench-usb $(release)/custody

.PHONY: clean
clean: ## take away what was built and what tests left; the demo's data stays
	rm -rf .build Benchmarks/.build Tests/Rig/.build Tests/Kernel/.build ci-output
