# Every verb runs on the JDK that bin/find-java finds; a missing one is one sentence.
JAVA_HOME := $(shell bin/find-java 2>/dev/null)
export JAVA_HOME
MVN := mvn -B -q

.DEFAULT_GOAL := help
.PHONY: help build demo run test e2e bench quality format clean jdk

help: ## Lists the verbs
	@sed -n 's/^\([a-z0-9]*\):.*## \(.*\)/make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 16

jdk:
	@bin/find-java > /dev/null

build: jdk ## Builds what make run needs, without tests
	@$(MVN) -DskipTests -Dservice.plain=true -pl mosaic-standalone -am package

demo: jdk ## Builds, starts, indexes real documentation, searches it and leaves the page open
	@$(MVN) -DskipTests -Dservice.plain=true -Pdemo -pl mosaic-standalone -am package
	@bin/mosaic --main io.mosaicdb.standalone.demo.Demo mosaic-standalone/target/demo-corpus

run: build ## Starts MosaicDB; MOSAIC_PORT and MOSAIC_DATA choose the port and the data folder
	@bin/mosaic

test: jdk ## Runs every test
	@mvn -B verify

e2e: jdk ## Runs the end-to-end tests only
	@mvn -B -pl mosaic-e2e-tests -am verify

bench: jdk ## Measures us against Lucene, side by side
	@$(MVN) -DskipTests -Dservice.plain=true -pl mosaic-benchmarks -am package
	@mosaic-benchmarks/bin/bench

quality: jdk ## Prints nDCG of the collections in DATA=<folder>
	@$(MVN) -DskipTests -Dservice.plain=true -pl mosaic-benchmarks -am package
	@mosaic-benchmarks/bin/quality "$(DATA)"

format: jdk ## Formats the code
	@$(MVN) spotless:apply

clean: jdk ## Removes what the build made; data stays
	@$(MVN) clean
