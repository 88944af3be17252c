using Microsoft.Extensions.Configuration;

namespace XenActors.Hocon;

/// <summary>A HOCON file as a source of Microsoft.Extensions.Configuration.</summary>
public sealed class HoconConfigurationSource : IConfigurationSource
{
    public required string Path { get; init; }

    public bool Optional { get; init; }

    public HoconOptions Options { get; init; } = HoconOptions.Default;

    public IConfigurationProvider Build(IConfigurationBuilder builder) => new HoconConfigurationProvider(this);
}
