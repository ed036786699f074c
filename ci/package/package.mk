# Packages. Everything goes to DIST; SOURCE_DATE_EPOCH (default: the date of the last commit) makes two runs give the
# same bytes.
DIST ?= $(BUILD)/dist
VERSION := $(shell sed -n 's/^.define AS_VERSION "\(.*\)"/\1/p' engine/cli/version.h)
DEB_ARCH = $(shell dpkg --print-architecture 2>/dev/null)
EPOCH = $(or $(SOURCE_DATE_EPOCH),$(shell git log -1 --format=%ct 2>/dev/null),0)
PACKAGING = SOURCE_DATE_EPOCH=$(EPOCH) VERSION=$(VERSION) DIST=$(DIST)

.PHONY: dist deb wheel rootfs sbom packages

##dist      DIST/assay-VERSION.tar.gz: the sources
dist:
	@mkdir -p $(DIST)
	git archive --format=tar --prefix=assay-$(VERSION)/ HEAD | gzip -9n >$(DIST)/assay-$(VERSION).tar.gz

##deb       DIST/assay_VERSION_ARCH.deb
deb: all
	+$(Q)$(PACKAGING) sh ci/package/deb.sh $(BUILD)

##wheel     DIST/assay-VERSION-….whl: the program for pip and for pre-commit's `language: python`
wheel: all
	$(Q)$(PACKAGING) python3 ci/package/wheel.py $(BUILD)/assay

##rootfs    DIST/rootfs: the files of the container, as ci/package/Containerfile copies them
rootfs: all
	$(Q)$(PACKAGING) sh ci/package/rootfs.sh $(BUILD)

##sbom      DIST/assay-VERSION.spdx.json: what is linked in
sbom: all
	$(Q)$(PACKAGING) python3 ci/package/sbom.py $(BUILD)/assay

##packages  all of them, their checksums, and (with KEY=FILE, CERT=FILE) a signature over these
packages: dist deb wheel sbom
	$(Q)$(PACKAGING) KEY="$(KEY)" CERT="$(CERT)" sh ci/package/checksums.sh
