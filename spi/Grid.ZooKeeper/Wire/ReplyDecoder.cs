namespace Grid.ZooKeeper.Wire;

/// <summary>Decodes the body of a reply.</summary>
/// <param name="reader">At the first byte after the header.</param>
/// <param name="chroot">Strips the chroot from paths.</param>
internal delegate T ReplyDecoder<out T>(ref JuteReader reader, Chroot chroot);
