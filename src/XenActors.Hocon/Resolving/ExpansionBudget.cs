namespace XenActors.Hocon;

/// <summary>What one resolution may still copy.</summary>
internal sealed class ExpansionBudget
{
    private long left = HoconLimits.MaxExpansion;

    public void Spend(long amount, HoconOrigin origin)
    {
        left -= amount;
        if (left < 0)
        {
            throw TooMuch(origin);
        }
    }

    public static HoconException TooMuch(HoconOrigin origin) =>
        new(origin, $"expected substitutions to expand to at most {HoconLimits.MaxExpansion} values and characters but found more");
}
