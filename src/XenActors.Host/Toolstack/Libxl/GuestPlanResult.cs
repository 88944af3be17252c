namespace XenActors.Toolstack.Libxl;

/// <summary>The plan, or xl's lines for why there is none.</summary>
public sealed record GuestPlanResult(GuestPlan? Plan, IReadOnlyList<string> Errors);
