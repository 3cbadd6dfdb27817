package io.mosaicdb.worker.backup;

import java.nio.file.Path;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where backups are.
 *
 * @param folder each target is a folder in it; nothing is written or read elsewhere
 */
@ConfigurationProperties("mosaic.worker.backup")
record BackupProperties(@DefaultValue("data/backups") Path folder) {}
