# assay: build, test, install. `make help` lists the targets.
#
#   BUILD=DIR      where everything generated goes (build)
#   SAN=address,undefined   sanitizers       WERROR=1   warnings are errors
#   CC=clang   OPT=-O0   V=1 shows the commands
#   PREFIX=/usr/local   DESTDIR=      where `make install` puts it
#   TESTS="WORD…"  what `make test` is narrowed to

# What is measured and tested here is a scan, not what was kept of the last one.
export ASSAY_CACHE_DIR :=

# As many jobs as there are processors, unless -j says otherwise.
ifeq ($(filter -j%,$(MAKEFLAGS)),)
MAKEFLAGS += -j$(shell nproc 2>/dev/null || echo 2)
endif

BUILD ?= build
CC ?= cc
OPT ?= -O2 -g
SAN ?=
WERROR ?=
PREFIX ?= /usr/local
DESTDIR ?=
V ?=
Q = $(if $(V),,@)
LUA ?= lua5.4
PKGS = yaml-0.1 libpcre2-8 jansson libcrypto lua5.4 libarchive zlib libzstd sqlite3
# Loaded when a command needs them; only their headers are built against.
LOADED = libgit2 libcurl libxml-2.0 libpq libmicrohttpd
# Loading these as shared objects, with all that libarchive and libgit2 bring along (ICU, Kerberos,
# an SSH client), costs 6 ms of each start; linked in they cost nothing. STATIC= links to the shared
# ones. libgit2 is loaded when a command needs it.
LINKED = yaml pcre2-8 jansson crypto lua5.4 archive z zstd sqlite3 mpfr gmp
STATIC ?= $(eval STATIC := $(shell for l in $(LINKED); do [ -f "$$($(CC) -print-file-name=lib$$l.a)" ] || \
    exit 0; done; echo 1))$(STATIC)
STATIC_LIBS = $(LINKED:%=-l:lib%.a) -lm

WARN = -Wall -Wextra -Wconversion -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wformat=2 \
       -Wvla -Wcast-qual -Wpointer-arith -Wundef
CPPFLAGS += -I. -I$(BUILD)/gen -D_XOPEN_SOURCE=700 -D_FILE_OFFSET_BITS=64
# What an attacker who finds a fault meets; tests/suites/hardening.py looks at the program for it. Sanitizers
# replace the checked functions, and without optimisation there are none.
HARDEN = -fPIE -fstack-protector-strong -fstack-clash-protection \
         $(if $(SAN)$(findstring -O0,$(OPT)),,-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2)
# Paths in the program begin at this folder, wherever it is: the same sources give the same bytes.
CFLAGS_ALL = -std=c11 $(OPT) $(WARN) $(if $(WERROR),-Werror) -fno-omit-frame-pointer $(HARDEN) \
             '-ffile-prefix-map=$(CURDIR)=.' -pthread $(if $(SAN),-fsanitize=$(SAN) -fno-sanitize-recover=all) \
             $(PKG_CFLAGS) $(CFLAGS)
LDFLAGS_ALL = -pthread -pie -Wl,-z,relro,-z,now,-z,noexecstack $(if $(SAN),-fsanitize=$(SAN)) $(LDFLAGS)

# Asked once, and only when something is really built.
PKG_CFLAGS = $(eval PKG_CFLAGS := $(shell pkg-config --cflags $(PKGS) $(LOADED)))$(PKG_CFLAGS)
SHARED_LIBS = $(eval SHARED_LIBS := $(shell pkg-config --libs $(PKGS)) -lmpfr -lgmp -lm)$(SHARED_LIBS)
PKG_LIBS = $(if $(STATIC),$(STATIC_LIBS),$(SHARED_LIBS))

SRC := $(sort $(shell find engine parsers reporters -name '*.c' 2>/dev/null))
LIB_SRC := $(filter-out engine/cli/main.c,$(SRC))
SCHEMA_SRC := $(sort $(shell find rules/schema -name '*.lua'))
RULE_SRC := $(sort $(filter-out rules/schema/% rules/data/%,$(shell find rules -name '*.lua')))
AWS_SRC := rules/data/aws_operations.tsv rules/data/aws_plan.tsv rules/data/aws_shapes.tsv
GCP_SRC = rules/data/gcp_permissions.tsv rules/data/gcp_roles.tsv
FRAMEWORK_SRC := $(sort $(wildcard rules/frameworks/*.yaml))
LIVE_SRC := $(sort $(wildcard rules/data/live_*.tsv))
GEN_OBJ = $(BUILD)/obj/gen/live.o $(BUILD)/obj/gen/schema.o $(BUILD)/obj/gen/pack.o $(BUILD)/obj/gen/frameworks.o \
          $(BUILD)/obj/gen/iam_methods.o $(BUILD)/obj/gen/iam_data.o $(BUILD)/obj/gen/iam_policies.o \
          $(BUILD)/obj/gen/rbac_tables.o $(BUILD)/obj/gen/gcp_tables.o $(BUILD)/obj/gen/html.o $(BUILD)/obj/gen/serve.o $(BUILD)/obj/gen/check_names.o $(BUILD)/obj/gen/aws.o $(BUILD)/obj/gen/gcp.o
HTML_SRC := $(sort $(wildcard reporters/html/*.html reporters/html/*.css reporters/html/*.js))
SERVE_SRC := $(sort $(wildcard engine/serve/web/*))
IAM_DATA = aws_iam_actions
LIB_OBJ = $(LIB_SRC:%.c=$(BUILD)/obj/%.o) $(GEN_OBJ)
UNIT_SRC := $(sort $(wildcard tests/unit/test_*.c))
UNIT_BIN = $(UNIT_SRC:tests/unit/%.c=$(BUILD)/tests/%)

.PHONY: always all lib unit test test-formats test-browser test-writing test-threads test-faults lint lint-tidy lint-cppcheck syntax format install demo bench docs fuzz fuzz-all fuzzer man reproducible clean help bench-counts
##all       the program, BUILD/assay (the default)
all: $(BUILD)/assay
lib: $(BUILD)/libassay.a

# Changes when the compiler or its flags do: objects of other flags are made again. Whether warnings are
# errors, and whether a cache stands before the compiler, makes no other object.
FLAGS = $(shell $(CC) -v 2>&1 | grep ' version ') $(CPPFLAGS) $(OPT) $(WARN) $(HARDEN) $(SAN) $(CFLAGS) $(LDFLAGS) \
        $(if $(filter file default undefined,$(origin STATIC)),,STATIC=$(STATIC))
$(BUILD)/flags: always
	@mkdir -p $(@D)
	@printf '%s\n' '$(subst ','\'',$(FLAGS))' >$@.new
	@cmp -s $@.new $@ && rm $@.new || mv $@.new $@

$(BUILD)/obj/%.o: %.c $(BUILD)/flags | $(BUILD)/.deps
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS_ALL) -MMD -MP -c $< -o $@

# The schema as C tables.
$(BUILD)/gen/schema.c: engine/schema/compile.lua $(SCHEMA_SRC) | $(BUILD)/.deps
	@mkdir -p $(@D)
	$(Q)$(LUA) $< $@ $(SCHEMA_SRC)

# Changes when a rule is added or taken away.
$(BUILD)/gen/rules.list: always
	@mkdir -p $(@D)
	@printf '%s\n' $(RULE_SRC) >$@.new
	@cmp -s $@.new $@ && rm $@.new || mv $@.new $@

# The rules as bytecode, with their index.
$(BUILD)/gen/pack.c: engine/rules/embed.lua engine/rules/slim.lua $(RULE_SRC) $(BUILD)/gen/rules.list | $(BUILD)/.deps
	@mkdir -p $(@D)
	$(Q)$(LUA) $< $@ $(BUILD)/gen/pack.bin $(RULE_SRC)

# The frameworks as they are.
$(BUILD)/gen/frameworks.c: engine/rules/embed_files.lua $(FRAMEWORK_SRC) | $(BUILD)/.deps
	@mkdir -p $(@D)
	$(Q)$(LUA) $< $@ framework $(FRAMEWORK_SRC)

# What answers of live APIs mean.
$(BUILD)/gen/live.c: engine/rules/embed_files.lua $(LIVE_SRC) | $(BUILD)/.deps
	@mkdir -p $(@D)
	$(Q)$(LUA) $< $@ live $(LIVE_SRC)

# The parts of the HTML report.
$(BUILD)/gen/html.c: engine/rules/embed_files.lua $(HTML_SRC) | $(BUILD)/.deps
	@mkdir -p $(@D)
	$(Q)$(LUA) $< $@ html $(HTML_SRC)

# The pages of assay serve.
$(BUILD)/gen/serve.c: engine/rules/embed_files.lua $(SERVE_SRC) | $(BUILD)/.deps
	@mkdir -p $(@D)
	$(Q)$(LUA) $< $@ serve $(SERVE_SRC)

# What is asked of AWS, as it is.
$(BUILD)/gen/aws.c: engine/rules/embed_files.lua $(AWS_SRC) | $(BUILD)/.deps
	@mkdir -p $(@D)
	$(Q)$(LUA) $< $@ aws $(AWS_SRC)

# Permissions and roles of Google Cloud, as they are.
$(BUILD)/gen/gcp.c: engine/rules/embed_files.lua $(GCP_SRC) | $(BUILD)/.deps
	@mkdir -p $(@D)
	$(Q)$(LUA) $< $@ gcp $(GCP_SRC)

# Names of checks of other tools.
$(BUILD)/gen/check_names.c: engine/rules/check_names.lua rules/data/check_names.tsv | $(BUILD)/.deps
	@mkdir -p $(@D)
	$(Q)$(LUA) $< $@ rules/data/check_names.tsv

# Ways to more rights as C tables; actions and policies of AWS as compressed text.
$(BUILD)/gen/iam_methods.c: engine/iam/compile_methods.lua rules/data/escalation.lua | $(BUILD)/.deps
	@mkdir -p $(@D)
	$(Q)$(LUA) $< $@ rules/data/escalation.lua

$(BUILD)/gen/rbac_tables.c: engine/rbac/compile.lua rules/data/kubernetes_roles.lua rules/data/escalation_kubernetes.lua | $(BUILD)/.deps
	@mkdir -p $(@D)
	$(Q)$(LUA) $< $@ rules/data/kubernetes_roles.lua rules/data/escalation_kubernetes.lua

$(BUILD)/gen/gcp_tables.c: engine/gcpiam/compile.lua rules/data/escalation_gcp.lua | $(BUILD)/.deps
	@mkdir -p $(@D)
	$(Q)$(LUA) $< $@ rules/data/escalation_gcp.lua

$(BUILD)/gen/%.tsv.gz: rules/data/%.tsv | $(BUILD)/.deps
	@mkdir -p $(@D)
	$(Q)grep -v '^#' $< | gzip -9n >$@.tmp && mv $@.tmp $@

$(BUILD)/gen/iam_data.c: engine/iam/embed.lua $(IAM_DATA:%=$(BUILD)/gen/%.tsv.gz)
	$(Q)$(LUA) $< $@ $(IAM_DATA:%=$(BUILD)/gen/%.tsv.gz)

$(BUILD)/gen/iam_policies.c: engine/iam/paginate.lua rules/data/aws_managed_policies.tsv | $(BUILD)/.deps
	@mkdir -p $(@D)
	$(Q)$(LUA) $< rules/data/aws_managed_policies.tsv $(BUILD)/gen/iam_policies.gz $@

$(BUILD)/obj/gen/%.o: $(BUILD)/gen/%.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS_ALL) -MMD -MP -c $< -o $@

$(BUILD)/libassay.a: $(LIB_OBJ)
	@rm -f $@
	$(Q)ar rcsD $@ $^

$(BUILD)/assay: $(BUILD)/obj/engine/cli/main.o $(BUILD)/libassay.a
	$(Q)$(CC) $(LDFLAGS_ALL) -o $@ $^ $(PKG_LIBS)

$(BUILD)/tests/%: tests/unit/%.c $(BUILD)/libassay.a $(BUILD)/flags
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS_ALL) -MMD -MP $< -o $@ $(BUILD)/libassay.a $(LDFLAGS_ALL) $(PKG_LIBS) -lcmocka

unit: $(UNIT_BIN)

##test      builds and runs every test
test: all unit $(BUILD)/fuzz/driver
	$(Q)python3 tests/run.py --bin $(BUILD)/assay --units $(BUILD)/tests $(TESTS)

##test-formats  reports read by their own consumers (needs npm, and pip in a venv)
FORMATS = build/formats
$(FORMATS)/.done: tests/formats/package.json tests/formats/requirements.txt
	@mkdir -p $(FORMATS)
	$(Q)cp tests/formats/package.json $(FORMATS)/ && cd $(FORMATS) && npm install --silent --no-audit --no-fund --ignore-scripts
	$(Q)chmod u+x $(FORMATS)/node_modules/@microsoft/sarif-multitool-linux/Sarif.Multitool
	$(Q)python3 -m venv $(FORMATS)/venv && $(FORMATS)/venv/bin/pip -q install -r tests/formats/requirements.txt
	@touch $@
test-formats: all $(FORMATS)/.done
	$(Q)$(FORMATS)/venv/bin/python tests/formats/validate.py --bin $(BUILD)/assay \
	    --multitool $(FORMATS)/node_modules/@microsoft/sarif-multitool-linux/Sarif.Multitool

##test-spark    ci/spark on worker processes, one of them killed (needs Java, and pip in a venv)
SPARK = build/spark
.PHONY: test-spark
test-spark: all
	$(Q)! command -v java >/dev/null || [ -x $(SPARK)/bin/python ] || \
	    { python3 -m venv $(SPARK) && $(SPARK)/bin/pip install --quiet pyspark; }
	$(Q)python3 tests/spark/run.py --bin $(BUILD)/assay --python $(SPARK)/bin/python

##test-browser  the HTML report and assay serve in Chromium (needs npm)
CHROMIUM ?= /usr/lib/chromium/chromium
BROWSER = build/browser
$(BROWSER)/.done: tests/browser/package.json
	@ASSAY_EXTRA_PACKAGES="chromium" sh ci/deps
	@mkdir -p $(BROWSER)
	$(Q)cp tests/browser/package.json $(BROWSER)/ && cd $(BROWSER) && npm install --silent --no-audit --no-fund --ignore-scripts
	@touch $@
test-browser: all $(BROWSER)/.done
	$(Q)cp tests/browser/*.mjs $(BROWSER)/
	$(Q)node $(BROWSER)/serve.mjs $(abspath $(BUILD)/assay) $(CHROMIUM) $(SHOTS)
	$(Q)node $(BROWSER)/run.mjs $(abspath $(BUILD)/assay) $(CHROMIUM) $(SHOTS)

##test-writing  docs/writing.md, followed step by step in a copy of the sources
test-writing: all
	$(Q)python3 tests/writing.py --build $(BUILD) --make "$(MAKE) -s CC='$(CC)'"

##test-threads  what runs on several threads, under ThreadSanitizer; without address randomisation, which it does not bear
test-threads:
	$(Q)$(MAKE) BUILD=build-tsan SAN=thread OPT="-O1 -g" all
	$(Q)setarch -R python3 tests/run.py --bin build-tsan/assay twins vulnerable collect faults lsp cases/cli cases/helm cases/reach

##test-faults  every failing allocation, not only some (tests/suites/nomem.py), and inputs that are too large for each run
test-faults: all
	$(Q)python3 tests/suites/nomem.py $(BUILD)/assay
	$(Q)python3 tests/suites/large.py $(BUILD)/assay

##test-valgrind  small runs of each kind, scans of PROJECTS, and unit tests, in which valgrind must find nothing
.PHONY: test-valgrind
test-valgrind: all unit
	@ASSAY_EXTRA_PACKAGES="valgrind" sh ci/deps
	$(Q)python3 tests/valgrind.py $(BUILD)/assay $(BUILD)/tests $(PROJECTS)

##coverage  which lines the tests run, by folder, and the files with most that they never do
.PHONY: coverage
COVERAGE = build-coverage
# Where memory fails, or nothing can be written, gcc's own counters do not end well; the others look at an optimised program.
COVERAGE_WITHOUT = nomem,instructions,hardening,read_only_mount
coverage:
	$(Q)$(MAKE) BUILD=$(COVERAGE) OPT="-O0 -g --coverage" LDFLAGS=--coverage HARDEN=-fPIE all unit $(COVERAGE)/fuzz/driver
	@find $(COVERAGE) -name '*.gcda' -delete
	-$(Q)python3 tests/run.py --bin $(COVERAGE)/assay --units $(COVERAGE)/tests --without $(COVERAGE_WITHOUT) $(TESTS)
	$(Q)python3 tests/coverage.py --build $(COVERAGE)

##docs      the generated pages of docs/: rules, schema, commands, functions of rules
docs: all
	$(Q)$(BUILD)/assay rules docs docs/rules
	$(Q)$(BUILD)/assay rules schema --format markdown >docs/schema.md
	$(Q)$(BUILD)/assay help --markdown >docs/commands.md
	$(Q)$(BUILD)/assay rules api >docs/lua.md

##demo      scans the sample project testdata/demo
demo: all
	$(Q)$(BUILD)/assay scan testdata/demo --fail-on none

##fuzz      fuzzes the target FUZZ of tests/fuzz/targets.def for SECONDS; with libFuzzer where there is clang
FUZZ ?= comments
SECONDS ?= 30
FUZZ_CC ?= $(if $(shell command -v clang),clang,$(CC))
FUZZER = build-fuzz/fuzz/$(if $(findstring clang,$(FUZZ_CC)),libfuzzer,driver)
fuzz: fuzzer
	$(Q)python3 tests/fuzz/run.py $(FUZZER) $(SECONDS) $(FUZZ)

##fuzz-all  every fuzz target, and mutants of testdata/ read by the whole program, for SECONDS each
fuzz-all: fuzzer
	$(Q)python3 tests/fuzz/run.py $(FUZZER) $(SECONDS)
	$(Q)$(MAKE) BUILD=build-asan SAN=address,undefined OPT="-O1 -g" all
	$(Q)python3 tests/suites/mutants.py build-asan/assay $(SECONDS)

fuzzer:
	@ASSAY_EXTRA_PACKAGES="clang" sh ci/deps || true
	$(Q)$(MAKE) BUILD=build-fuzz CC="$(FUZZ_CC)" OPT="-O1 -g" $(FUZZER) \
	    SAN=address,undefined$(if $(findstring libfuzzer,$(FUZZER)),$(comma)fuzzer-no-link)
comma = ,

FUZZ_OBJ = $(patsubst %.c,$(BUILD)/obj/%.o,$(filter-out tests/fuzz/libfuzzer.c,$(sort $(wildcard tests/fuzz/*.c))))
$(BUILD)/fuzz/driver: $(FUZZ_OBJ) $(BUILD)/libassay.a
	@mkdir -p $(@D)
	$(Q)$(CC) $(LDFLAGS_ALL) -o $@ $^ $(PKG_LIBS)

$(BUILD)/fuzz/libfuzzer: $(BUILD)/obj/tests/fuzz/libfuzzer.o $(filter-out %/driver.o,$(FUZZ_OBJ)) $(BUILD)/libassay.a
	@mkdir -p $(@D)
	$(Q)$(CC) $(LDFLAGS_ALL) -fsanitize=fuzzer -o $@ $^ $(PKG_LIBS)

##bench     wall time, processor time and memory per project, beside its floor and other programs; BENCH="--sizes 100,1000 …"
$(BUILD)/floor: $(BUILD)/obj/tests/bench/floor.o $(BUILD)/libassay.a
	$(Q)$(CC) $(LDFLAGS_ALL) -o $@ $^ $(PKG_LIBS)
bench: all $(BUILD)/floor
	$(Q)python3 tests/bench/run.py --bin $(BUILD)/assay --floor $(BUILD)/floor --json $(BUILD)/bench.json $(BENCH)

##bench-counts  renews tests/bench/instructions.tsv, which the suite `instructions` compares with (needs valgrind)
bench-counts: all
	$(Q)python3 tests/bench/count.py --bin $(BUILD)/assay --write

##man       the manual pages in BUILD/man, from the tables of commands and options
man: all
	@mkdir -p $(BUILD)/man
	$(Q)$(BUILD)/assay help --man-dir $(BUILD)/man

##install   the program, its completions and notices under DESTDIR/PREFIX
install: all
	install -D -m 755 $(BUILD)/assay $(DESTDIR)$(PREFIX)/bin/assay
	install -D -m 644 NOTICE $(DESTDIR)$(PREFIX)/share/doc/assay/NOTICE
	install -d $(DESTDIR)$(PREFIX)/share/bash-completion/completions \
	        $(DESTDIR)$(PREFIX)/share/zsh/site-functions \
	        $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d
	install -d $(DESTDIR)$(PREFIX)/share/man/man1
	$(BUILD)/assay help --man-dir $(DESTDIR)$(PREFIX)/share/man/man1
	$(BUILD)/assay completion bash >$(DESTDIR)$(PREFIX)/share/bash-completion/completions/assay
	$(BUILD)/assay completion zsh >$(DESTDIR)$(PREFIX)/share/zsh/site-functions/_assay
	$(BUILD)/assay completion fish >$(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/assay.fish

include ci/package/package.mk

C_FILES = $(SRC) $(UNIT_SRC) $(shell find engine parsers reporters tests/unit tests/fuzz -name '*.h') $(wildcard tests/fuzz/*.c tests/bench/*.c tests/fault/*.c)

##lint      clang-tidy, cppcheck and luacheck; FILES="…" narrows the first, and only what changed is read again
FILES ?= $(SRC)
LINT_STAMPS = $(FILES:%.c=$(BUILD)/lint/%.ok)
lint: all
	@ASSAY_EXTRA_PACKAGES="clang-tidy cppcheck lua-check" sh ci/deps
	$(Q)$(MAKE) --no-print-directory -k lint-tidy
	$(Q)$(MAKE) --no-print-directory lint-cppcheck
	$(Q)luacheck --quiet rules
lint-tidy: $(LINT_STAMPS)

# An object is as new as the headers of its file. One file each: clang-tidy 14 mistakes every va_list of
# the second one on for uninitialized.
$(BUILD)/lint/%.ok: $(BUILD)/obj/%.o .clang-tidy
	@mkdir -p $(@D)
	$(Q)clang-tidy --quiet --warnings-as-errors='*' $*.c -- -std=c11 $(CPPFLAGS) $(PKG_CFLAGS) 2>/dev/null
	@touch $@

# Remembers in its folder what it found in which file.
lint-cppcheck:
	@mkdir -p $(BUILD)/lint/cppcheck
	$(Q)cppcheck --quiet -j $$(nproc) --std=c11 --enable=warning,performance,portability --inline-suppr \
	    --cppcheck-build-dir=$(BUILD)/lint/cppcheck --suppressions-list=tests/cppcheck.supp --error-exitcode=1 \
	    $(CPPFLAGS) $(SRC)

##check     formatting and lint: what CI asks of a change
check:
	@ASSAY_EXTRA_PACKAGES="clang-format clang-tidy lua-check" sh ci/deps
	$(Q)clang-format --dry-run --Werror $(C_FILES)
	$(Q)$(MAKE) lint

##syntax    what CC (say, clang) has to warn of, without building
syntax: $(SRC:%=%.syntax)
%.syntax: % | $(BUILD)/.deps
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS_ALL) -fsyntax-only $<

##format    clang-format over all C files
format:
	@ASSAY_EXTRA_PACKAGES="clang-format" sh ci/deps
	$(Q)clang-format -i $(C_FILES)

##reproducible  builds twice, in folders of different names, and compares the programs
reproducible:
	$(Q)CC="$(CC)" OPT="$(OPT)" LUA="$(LUA)" sh tests/reproducible.sh

##clean     removes BUILD
clean:
	rm -rf $(BUILD)

##help      this list
help:
	@sed -n 's/^##/make /p' Makefile ci/package/package.mk
	@echo; sed -n 's/^#   /    /p' Makefile

# What the build needs is checked (and, where allowed, installed) once.
$(BUILD)/.deps: ci/deps
	@sh ci/deps
	@mkdir -p $(@D) && touch $@

-include $(LIB_OBJ:.o=.d) $(BUILD)/obj/engine/cli/main.d $(UNIT_BIN:=.d) $(FUZZ_OBJ:.o=.d) $(BUILD)/obj/tests/bench/floor.d
