# Every verb runs on the JDK that bin/find-java finds; a missing tool is one sentence.
JAVA_HOME := $(shell bin/find-java 2>/dev/null)
export JAVA_HOME
# Maven's own libraries use what newer JDKs warn about.
export MAVEN_OPTS := $(MAVEN_OPTS) --sun-misc-unsafe-memory-access=allow --enable-native-access=ALL-UNNAMED
# SQLITE_VEC_LIBRARY=<file> takes a sqlite-vec of your own instead of the one from npm.
export SQLITE_VEC_LIBRARY
MAVEN := mvn -B $(if $(SQLITE_VEC_LIBRARY),-Dmosaic.sqlite-vec.library="$(SQLITE_VEC_LIBRARY)")
QUIETLY := $(MAVEN) -q -DskipTests -Dservice.plain=true

.DEFAULT_GOAL := help
.PHONY: help build demo run up down test e2e bench gate backup restore quality suites sites documents format clean tools

help: ## Lists the verbs
	@sed -n 's/^\([a-z0-9]*\):.*## \(.*\)/make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 16

tools:
	@bin/find-java > /dev/null
	@command -v mvn > /dev/null || { echo "MosaicDB is built with Maven 3.8.5 or newer: install it (for example the package maven)." >&2; exit 1; }
	@[ -n "$(SQLITE_VEC_LIBRARY)" ] || command -v npm > /dev/null || { echo "The build fetches sqlite-vec with npm: install Node.js with npm, or name your own build of it with SQLITE_VEC_LIBRARY=<file>." >&2; exit 1; }

build: tools ## Builds what make run needs, without tests
	@echo "Building MosaicDB: about two minutes the first time, seconds after that ..."
	@$(QUIETLY) -pl mosaic-standalone -am package
	@bin/mosaic --train

demo: tools ## Builds, starts, crawls real documentation, ranks and searches it, leaves the page open
	@echo "Building MosaicDB: about two minutes the first time, seconds after that ..."
	@$(QUIETLY) -Pdemo -pl mosaic-standalone -am package
	@bin/mosaic --main io.mosaicdb.standalone.demo.Demo bin/mosaic mosaic-standalone/target/demo-corpus

run: build ## Starts MosaicDB; MOSAIC_PORT and MOSAIC_DATA choose the port and the data folder
	@bin/mosaic

up: build ## Starts MosaicDB in the background and waits until it answers
	@bin/up

down: ## Stops what make up started
	@bin/down

test: tools ## Runs every test
	@$(MAVEN) verify

e2e: tools ## Runs the end-to-end tests only
	@$(MAVEN) -pl mosaic-e2e-tests -am verify

bench: tools ## Measures us against Lucene, side by side
	@$(QUIETLY) -pl mosaic-benchmarks,mosaic-standalone -am package
	@mosaic-benchmarks/bin/bench

gate: tools ## Fails where we became more than 20 % slower beside Lucene; KEEP=1 keeps the figures of now
	@$(QUIETLY) -pl mosaic-benchmarks,mosaic-standalone -am package
	@mosaic-benchmarks/bin/gate $(if $(KEEP),--keep)

backup: ## Backs up every namespace of a running MosaicDB, or NAMESPACE=<name>, into TARGET=<name>
	@bin/backup "$(NAMESPACE)" "$(TARGET)"

restore: ## Restores the newest backup of NAMESPACE=<name>, or of all, as INTO=<name> or <name>_restored
	@bin/restore "$(NAMESPACE)" "$(TARGET)" "$(INTO)"

quality: tools ## Prints nDCG of the collections in DATA=<folder>
	@$(QUIETLY) -pl mosaic-benchmarks,mosaic-standalone -am package
	@mosaic-benchmarks/bin/quality "$(DATA)"

suites: tools ## Holds the crawler against the public test suites in DATA=<folder>
	@$(QUIETLY) -pl crawler-service -am test-compile org.apache.maven.plugins:maven-dependency-plugin:build-classpath -Dmdep.includeScope=test -Dmdep.outputFile=target/test.classpath
	@crawler-service/bin/suites "$(DATA)"

documents: tools ## Builds the reader of PDF and Office documents for the crawler
	@$(QUIETLY) -pl document-reader -am package
	@echo "Start MosaicDB with it: bin/mosaic --mosaic.crawler.documents.jars=document-reader/target/jars"

sites: tools ## Crawls the sites in DATA=<folder> on loopback; kills the product during a crawl of SITE=<name>, or of all
	@$(QUIETLY) -pl crawler-service,mosaic-standalone -am package org.apache.maven.plugins:maven-dependency-plugin:build-classpath -Dmdep.includeScope=test -Dmdep.outputFile=target/test.classpath
	@crawler-service/bin/sites "$(DATA)" "$(SITE)" "$(KILLS)"

format: tools ## Formats the code
	@$(MAVEN) -q spotless:apply

clean: tools ## Removes what the build made; data stays
	@$(MAVEN) -q clean
