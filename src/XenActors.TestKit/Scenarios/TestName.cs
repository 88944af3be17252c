using System.Reflection;

namespace XenActors.TestKit.Scenarios;

/// <summary>How <c>dotnet test --filter FullyQualifiedName~</c> knows a test.</summary>
internal static class TestName
{
    public static string Of(MethodInfo test) => $"{test.ReflectedType?.FullName}.{test.Name}";
}
