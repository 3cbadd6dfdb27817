package io.mosaicdb.standalone;

/** Starts MosaicDB as one process; see the module's README for the settings. */
public final class Standalone {
  private Standalone() {}

  public static void main(String[] arguments) {
    try {
      var settings = StandaloneSettings.read(arguments);
      settings.requireFreePort();
      settings.createFolders();
      var services = RunningServices.start(settings, arguments);
      Runtime.getRuntime().addShutdownHook(new Thread(services::close, "mosaic-stop"));
      System.out.println(
          "MosaicDB is ready at "
              + services.address()
              + " with its data in "
              + settings.dataFolder());
      if (settings.exitWhenReady()) {
        System.exit(0);
      }
    } catch (StartFailedException e) {
      if (!e.isExplained()) {
        e.printStackTrace();
      }
      System.err.println("MosaicDB does not start: " + e.getMessage());
      System.exit(1);
    }
  }
}
