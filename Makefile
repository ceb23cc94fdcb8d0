# handshake-lab. `make run` and `make test` do all set-up themselves;
# `make help` lists the rest.

PREFIX    ?= /usr/local
DESTDIR   ?=
ARGS      ?=
FUZZTIME  ?= 1m
N         ?= 200
TESTFLAGS ?= -race

# The race detector lets a process sleep for a second at its end; the tests start
# thousands of processes, some of which have to end within two seconds.
export GORACE ?= atexit_sleep_ms=0

STATICCHECK = honnef.co/go/tools/cmd/staticcheck@v0.8.2

COMPARE = ../shared/conformance/compare.py

# ./... leaves testdata out, so it is named.
PACKAGES = ./... ./testdata

# Go keeps its caches under HOME; where that is unset or closed, a place of
# our own will do.
ifneq ($(shell test -n "$$HOME" && test -w "$$HOME" && echo yes),yes)
export HOME := $(shell d=$${TMPDIR:-/tmp}/handshake-lab-home-$$(id -u); mkdir -p "$$d" && echo "$$d")
endif

VERSION := $(shell git describe --tags --always --dirty 2>/dev/null)
GOBUILD  = go build -buildvcs=false -ldflags '-X main.buildVersion=$(VERSION)'

.PHONY: run
run: build ## show a live three-way handshake: make run ARGS='--clients 3'
	./handshake-lab run $(ARGS)

.PHONY: build
build: setup ## build ./handshake-lab
	$(GOBUILD) -o handshake-lab ./cmd/handshake-lab

# Without the command's profile: with it, all that the command is made of would
# be built a second time.
.PHONY: test
test: setup ## run every test, with the race detector on
	go test -pgo=off -timeout 30m $(TESTFLAGS) $(PACKAGES)

.PHONY: lint
lint: setup ## gofmt, go mod tidy, go vet, staticcheck
	@unformatted=$$(gofmt -l .); if [ -n "$$unformatted" ]; then echo "gofmt would change:"; echo "$$unformatted"; exit 1; fi
	go mod tidy -diff
	go vet $(PACKAGES)
	go run $(STATICCHECK) $(PACKAGES)

.PHONY: setup
setup: ## install what the build needs and the system lacks (libpcap's headers)
	@sh .ci/setup

.PHONY: pages
pages: setup ## write the man pages into ./man
	go run -buildvcs=false -ldflags '-X main.buildVersion=$(VERSION)' ./cmd/handshake-lab man man

.PHONY: install
install: ## install below PREFIX (/usr/local): program, completion, man pages
	@test -x handshake-lab && test -d man || { echo "run 'make build pages' first, as the user you are, then 'sudo make install'"; exit 1; }
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/man/man1 \
	  $(DESTDIR)$(PREFIX)/share/bash-completion/completions \
	  $(DESTDIR)$(PREFIX)/share/zsh/site-functions $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d
	install -m 755 handshake-lab $(DESTDIR)$(PREFIX)/bin/handshake-lab
	install -m 644 man/*.1 $(DESTDIR)$(PREFIX)/share/man/man1
	./handshake-lab completion bash > $(DESTDIR)$(PREFIX)/share/bash-completion/completions/handshake-lab
	./handshake-lab completion zsh > $(DESTDIR)$(PREFIX)/share/zsh/site-functions/_handshake-lab
	./handshake-lab completion fish > $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/handshake-lab.fish

.PHONY: uninstall
uninstall: ## remove what install put there
	rm -f $(DESTDIR)$(PREFIX)/bin/handshake-lab $(DESTDIR)$(PREFIX)/share/man/man1/handshake-lab.1 \
	  $(DESTDIR)$(PREFIX)/share/man/man1/handshake-lab-*.1 \
	  $(DESTDIR)$(PREFIX)/share/bash-completion/completions/handshake-lab \
	  $(DESTDIR)$(PREFIX)/share/zsh/site-functions/_handshake-lab \
	  $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/handshake-lab.fish

.PHONY: testdata
testdata: setup ## record the captures of testdata/ again, on this machine's kernel (needs root)
	go test ./cmd/handshake-lab -count 1 -run '^TestRecord$$' -record
	mkdir -p testdata/lab
	go test ./internal/staged -count 1 -run '^TestRecord$$' -record "$$PWD/testdata/lab"

.PHONY: release
release: ## build what is released, into dist/release (Debian or Ubuntu, root)
	.ci/release

.PHONY: elsewhere
elsewhere: setup ## hold Windows (wine) and arm64 (qemu) against this system, byte for byte (Debian or Ubuntu, root)
	.ci/elsewhere

.PHONY: site
site: ## write the page for captures of one's own: dist/site for any static host, and in it handshake-lab.html, one file
	go run -buildvcs=false ./internal/web/site -o dist/site

.PHONY: doc
doc: build ## copy the output of real runs into README.md
	sh .ci/doc README.md

.PHONY: bench
bench: setup ## run the Go benchmarks
	go test -run '^$$' -bench . -benchmem $(PACKAGES)

.PHONY: bench-compare
bench-compare: setup ## measure beside tcpdump, tcptrace and tshark, into docs/performance.md
	go run ./internal/bench/compare

.PHONY: bench-live
bench-live: setup ## measure the live part, into docs/performance.md (capturing needs root)
	go run ./internal/bench/live

.PHONY: profile
profile: setup ## measure where the time goes, for the compiler (cmd/handshake-lab/default.pgo)
	mkdir -p dist
	go run ./internal/bench/generate >dist/dialogues.pcap
	go run -trimpath ./internal/bench/profile -o cmd/handshake-lab/default.pgo dist/dialogues.pcap
	rm dist/dialogues.pcap

.PHONY: fuzz
fuzz: setup ## run each fuzz target for FUZZTIME (1m)
	@set -e; for package in $$(go list $(PACKAGES)); do \
	  for target in $$(go test -list '^Fuzz' "$$package" | grep '^Fuzz' || true); do \
	    echo "$$package $$target"; \
	    go test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 5s "$$package"; \
	  done; \
	done

.PHONY: hostile
hostile: build ## run 20,000 mutated captures, and some made to cost memory or time
	go run ./internal/bench/mutate -n 20000 testdata ../shared/conformance/captures ../shared/conformance/hazards
	go run ./internal/bench/mutate -hungry all

.PHONY: stress
stress: setup ## run the command N times (200) and end each at a random moment, by pipe, signal and kill
	go run -pgo=off ./internal/bench/stress -n $(N) -race

.PHONY: conformance
conformance: build ## hold our decoding and analysis against tshark's, key by key (needs tshark)
	@command -v tshark >/dev/null || { echo "make conformance needs tshark: install the package tshark (Debian) or wireshark-cli"; exit 1; }
	go test ./cmd/handshake-lab -count 1 -run '^TestAgreesWithTshark$$'
	@if [ -f $(COMPARE) ]; then python3 $(COMPARE) testdata/*.pcapng testdata/trouble/*.pcapng ../shared/conformance/captures/*/*; fi

.PHONY: clean
clean: ## remove what the build made
	rm -rf handshake-lab man dist

.PHONY: help
help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | while IFS="$$(printf '\t')" read -r target text; do printf '  make %-13s %s\n' "$$target" "$$text"; done
