# `make run` and `make test` do everything on a fresh Debian machine that has git, make and a Swift toolchain.

SHELL := /bin/bash
.DELETE_ON_ERROR:
.PHONY: run intent build test check page-test page-screenshots openapi-test proxy-test campaign fuzz fuzz-parsers sanitize bench \
    examples docs install clean packages format

# One configuration and one set of flags for every step, so that all of them share one build; colours on a terminal
# would be another one.
FLAGS := -c release --explicit-target-dependency-import-check error --no-color-diagnostics
BIN = .build/release

LIBRARIES := libdnnl-dev libcurl4-openssl-dev libsqlite3-dev zlib1g-dev libzip-dev libhdf5-dev
TOOLS := curl jq python3 python3-venv
# torch.compile writes C++.
PEERS := nginx-light wrk sqlite3 g++ python3-dev

run: intent build .venv/ready
	docs/examples/first-job.sh

intent:
	@echo "make run: installs the system packages, builds tpud (about ten minutes the first time on two cores), starts it and"
	@echo "trains 1,500 handwritten digits by curl, which takes seconds."

build: packages
	swift build $(FLAGS)

# First the parts, then the supervisor, then the whole: tests that block on the real binary under kills and load hold
# every thread of Swift's pool, which would starve the asynchronous ones. Each ends in time: a test that is stuck is named.
# Beside the parts, extreme requests go to the real binary for TPUD_FUZZ_SECONDS (60), the same ones each time; `make fuzz`
# makes others.
test: packages .venv/ready
	swift build $(FLAGS) --build-tests
	.ci/within 600 \
	    .ci/beside 'Tests/Fuzz/API/fuzz.py --seed 1' swift test $(FLAGS) --skip-build --skip tpudTests
	.ci/within 300 swift test $(FLAGS) --skip-build --filter tpudTests.SupervisorTests
	PATH="$(CURDIR)/.venv/bin:$$PATH" \
	    .ci/within 900 swift test $(FLAGS) --skip-build --filter tpudTests --skip SupervisorTests

# Random kills of daemon and workers under a mixed load; every job must end as an undisturbed twin of it.
KILLS ?= 500
campaign: packages
	swift build $(FLAGS) --build-tests
	TPUD_KILLS=$(KILLS) swift test $(FLAGS) --skip-build --filter tpudTests.CampaignTests

# Extreme requests to the real binary for a quarter of an hour.
fuzz: build
	TPUD_FUZZ_SECONDS=$${TPUD_FUZZ_SECONDS:-900} Tests/Fuzz/API/fuzz.py

# Inputs that libFuzzer finds for each parser of what comes from outside, on from those in Tests/Fuzz/Corpus; a build of its own.
# PARSERS="head json" chooses some of them.
fuzz-parsers: packages
	TPUD_FUZZ=1 TPUD_ONLY=ParserFuzz swift build -c release --sanitize=fuzzer --scratch-path .build-fuzz --product ParserFuzz
	INPUTS=$(or $(INPUTS),10000000) Tests/Fuzz/parsers .build-fuzz/release/ParserFuzz $(PARSERS)

check: packages
	swift format lint --strict --recursive --parallel Package.swift Sources Tests docs/examples/library/Sources
	swift build $(FLAGS) --build-tests
	swift test $(FLAGS) --skip-build --filter ConventionTests
	.ci/reference $(BIN) .build/reference/TPUEstimator.doccarchive

# The library's reference as DocC has it, without a warning: `docc preview`, or any web server, shows the archive.
docs: build
	.ci/reference $(BIN) .build/reference/TPUEstimator.doccarchive

# The page at / of the real daemon in headless Chromium; `make page-screenshots` takes the pictures of docs/page.md.
page-test page-screenshots: build .venv-page/ready
	.ci/system-packages chromium
	.venv-page/bin/python Tests/Browser/page.py $(if $(filter page-screenshots,$@),--screenshots docs/page)

# The real daemon against its OpenAPI document: schemathesis sends requests to every route, for some minutes. SEED=N sends the
# same ones again.
openapi-test: build .venv-openapi/ready
	.venv-openapi/bin/python Tests/OpenAPI/conformance.py $(if $(SEED),--seed $(SEED))

# nginx and Caddy with TLS in front of the real daemon; `make test` tries those of them that are installed.
proxy-test: packages
	.ci/system-packages nginx-light caddy openssl
	swift build $(FLAGS) --build-tests
	swift test $(FLAGS) --skip-build --filter tpudTests.ProxyTests

# The thread sanitizer on what has threads; a build of its own, in debug, one test at a time. Left out is what takes
# minutes there and starts no thread of its own, and what runs out of memory on purpose, which the sanitizer ends its own way.
THREADED := Reactor,HTTP,Executor,Estimator,Store,Transfer,WorkerProtocol,Worker,Daemon
SLOW := Fuzz|Conformance|Agreement|Reference|LaneExecutor|FloatKernel|thousandsOfWaiting|readsBodies|aProcessHolds
REFUSED := noRoomForAThread|aRefusedOneEndsTheProcess
sanitize: packages
	TSAN_OPTIONS=suppressions=$(CURDIR)/Tests/Fixtures/thread-sanitizer.supp TPUD_ONLY=$(THREADED) \
	    swift test --sanitize=thread --scratch-path .build-tsan --no-parallel --skip '$(SLOW)|$(REFUSED)'

# PyTorch, JAX and TensorFlow, which the models are compared with, have gigabytes.
bench: packages .venv-bench/ready .venv-bench-tensorflow/ready
	.ci/system-packages $(PEERS)
	swift build $(FLAGS)
	Tests/Benchmarks/run

# The programs of docs/examples/library as their readers build them, from outside of this package: minutes of building anew. The
# tests build the same files within it.
examples: packages
	cd docs/examples/library && for program in Digits PetalWidth Species; do swift run -c release $$program || exit 1; done
	cd docs/examples/library && swift build -c release --product DigitsProgram

format:
	swift format --in-place --recursive --parallel Package.swift Sources Tests docs/examples/library/Sources

# DESTDIR=/somewhere make install: with completions for bash, zsh and fish and with man pages, all made by the programs themselves.
PREFIX ?= /usr
SHARE = $(DESTDIR)$(PREFIX)/share
install: build
	install -D -m 755 -t $(DESTDIR)$(PREFIX)/bin $(BIN)/tpud $(BIN)/tpuctl
	install -d $(SHARE)/bash-completion/completions $(SHARE)/zsh/site-functions $(SHARE)/fish/vendor_completions.d \
	    $(SHARE)/man/man1 $(SHARE)/man/man8
	for program in tpud tpuctl; do \
	    $(BIN)/$$program --generate-completion-script bash >$(SHARE)/bash-completion/completions/$$program && \
	    $(BIN)/$$program --generate-completion-script zsh >$(SHARE)/zsh/site-functions/_$$program && \
	    $(BIN)/$$program --generate-completion-script fish >$(SHARE)/fish/vendor_completions.d/$$program.fish || exit 1; \
	done
	.ci/man-page $(BIN)/tpuctl 1 >$(SHARE)/man/man1/tpuctl.1
	.ci/man-page $(BIN)/tpud 8 >$(SHARE)/man/man8/tpud.8
	install -D -m 644 etc/tpud.yaml $(DESTDIR)/etc/tpud/tpud.yaml
	install -D -m 644 -t $(DESTDIR)$(PREFIX)/lib/systemd/system systemd/tpud.service systemd/tpud.socket

clean:
	swift package clean
	rm -rf .tpud .venv .venv-page .venv-openapi .venv-bench .venv-bench-tensorflow .build-tsan docs/examples/library/.build
	rm -rf docs/examples/library/digits-*

packages:
	@.ci/system-packages $(LIBRARIES) $(TOOLS)

# What tests and the first job need from PyPI, versions pinned.
.venv/ready: .ci/python-requirements.txt | packages
	python3 -m venv .venv
	.venv/bin/pip install --quiet --disable-pip-version-check -r $<
	touch $@

# What drives the browser, and what looks for what people can't use; versions pinned.
.venv-page/ready: .ci/page-requirements.txt | packages
	python3 -m venv .venv-page
	.venv-page/bin/pip install --quiet --disable-pip-version-check -r $<
	touch $@

# What holds the daemon against its OpenAPI document; versions pinned.
.venv-openapi/ready: .ci/openapi-requirements.txt | packages
	python3 -m venv .venv-openapi
	.venv-openapi/bin/pip install --quiet --disable-pip-version-check -r $<
	touch $@

# What the bench compares with, versions pinned. TensorFlow 2.15 is the last one with its own estimator; it needs Python 3.11
# or older and another NumPy. Without it the bench goes on, and its rows say that it is missing.
.venv-bench/ready: .ci/bench-requirements.txt | packages
	python3 -m venv .venv-bench
	.venv-bench/bin/pip install --quiet --disable-pip-version-check -r $<
	touch $@

.venv-bench-tensorflow/ready: .ci/bench-tensorflow-requirements.txt | packages
	python3 -m venv .venv-bench-tensorflow
	.venv-bench-tensorflow/bin/pip install --quiet --disable-pip-version-check -r $< || echo "The bench goes on without TensorFlow."
	touch $@
