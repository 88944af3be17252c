using System.Reflection;
using Xunit.Sdk;

namespace XenActors.TestKit.Scenarios;

/// <summary>
/// Gives a theory a scenario file: its parameter is a <see cref="ScenarioCase"/>, with the file's seed, or the one that the environment names. Several
/// attributes are several cases.
/// </summary>
/// <param name="file">Beside the test assembly, or in its <c>hocon/scenarios</c>.</param>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class ScenarioAttribute(string file) : DataAttribute
{
    public string File { get; } = file;

    public override IEnumerable<object[]> GetData(MethodInfo testMethod) => [[new ScenarioCase(File, Seeds.Override, TestName.Of(testMethod))]];
}
