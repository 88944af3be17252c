namespace XenActors.Guest.Block;

/// <summary>
/// One run through a port's script. A script is written straight down, as the driver's source is, and yields each step. It is run again
/// from its beginning with the answers so far whenever one arrives, so that what a port remembers in the middle of a command is data.
/// </summary>
internal sealed class AtaRun(AtaPortState port)
{
    public AtaPortState Port { get; } = port;

    /// <summary>The answer to the step before.</summary>
    public AtaAnswer Answer { get; set; } = AtaAnswer.None;

    public byte Value => (byte)(Answer.Value & 0xFF);

    // How the script ended.
    public byte Status { get; set; }

    public byte Error { get; set; }

    public byte[] Data { get; set; } = [];

    public AtaSignature[] Signatures { get; } = new AtaSignature[2];
}
