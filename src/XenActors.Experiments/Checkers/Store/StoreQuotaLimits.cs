using System.Globalization;

namespace XenActors.Experiments.Checkers.Store;

/// <summary>What a guest may take of a store, as the daemon's manual has it and CONTROL changes it: the quotas that can be counted from outside.</summary>
internal readonly record struct StoreQuotaLimits(int Nodes, int Watches, int Transactions)
{
    public static readonly StoreQuotaLimits Default = new(1000, 128, 10);

    /// <summary>After a CONTROL: <c>quota set NAME N</c>.</summary>
    public StoreQuotaLimits Set(ReadOnlySpan<string> words)
    {
        if (words is not ["quota", "set", var name, var number] || !int.TryParse(number, CultureInfo.InvariantCulture, out var value))
        {
            return this;
        }

        return name switch
        {
            "nodes" => this with { Nodes = value },
            "watches" => this with { Watches = value },
            "transactions" => this with { Transactions = value },
            _ => this,
        };
    }
}
