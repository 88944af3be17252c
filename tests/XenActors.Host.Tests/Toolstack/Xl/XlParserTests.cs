using XenActors.Toolstack.Xl;
using Xunit;

namespace XenActors.Tests.Toolstack.Xl;

public sealed class XlParserTests
{
    [Theory]
    [InlineData("a=1", "1")]
    [InlineData("a=0x1f\n", "0x1f")]
    [InlineData("a='x'", "x")]
    [InlineData("a=\"x\"", "x")]
    [InlineData("a='it\\'s'", "it's")]
    [InlineData("a='\\a\\b\\f\\n\\r\\t\\v\\\\\\\"'", "\a\b\f\n\r\t\v\\\"")]
    [InlineData("a='# no comment'", "# no comment")]
    [InlineData("  a\t=\t'x'  # comment\n", "x")]
    [InlineData("a='x';", "x")]
    [InlineData(";;\n\na='x'", "x")]
    [InlineData("a='one'\na='two'", "two")]
    [InlineData("a='one'\na+='two'", "onetwo")]
    [InlineData("a+='alone'", "alone")]
    [InlineData("a='one'; a += 'two' ; a+='three'", "onetwothree")]
    [InlineData("a='\\0123'", "")]
    public void Reads_a_single_value(string text, string value)
    {
        var file = XlParser.Parse(text, "f");

        Assert.True(file.IsValid);
        Assert.Empty(file.Diagnostics);
        Assert.Equal(value, Assert.IsType<XlString>(file.Find("a")!.Value).Text);
    }

    [Theory]
    [InlineData("a=[]", "[]")]
    [InlineData("a=[\n\n]", "[]")]
    [InlineData("a=['x']", "[x]")]
    [InlineData("a=['x',]", "[x,]")]
    [InlineData("a=[ 'x' , 2 ,\n 'z' # last\n ]", "[x,2,z,]")]
    [InlineData("a=[\n'x'\n,\n'y'\n,\n]", "[x,y,]")]
    [InlineData("a=[['x',['y']],[]]", "[[x,[y,],],[],]")]
    [InlineData("a=['x']\na+=['y','z']", "[x,y,z,]")]
    [InlineData("a+=['y']", "[y,]")]
    public void Reads_lists_with_nesting_trailing_commas_and_newlines(string text, string expected)
    {
        var file = XlParser.Parse(text, "f");

        Assert.Empty(file.Diagnostics);
        Assert.Equal(expected.Replace(",]", "]"), Show(file.Find("a")!.Value));
    }

    [Theory]
    [InlineData("a=", "f:1: config parsing error near `': syntax error, unexpected $end, expecting STRING or NUMBER or '['")]
    [InlineData("a=b\n", "f:1: config parsing error near `b': syntax error, unexpected IDENT, expecting STRING or NUMBER or '['")]
    [InlineData("a\n", "f:0: config parsing error near <newline>: syntax error, unexpected NEWLINE, expecting += or '='")]
    [InlineData("\n'a'=1\n", "f:2: config parsing error near `'a'': syntax error, unexpected STRING, expecting $end or IDENT or NEWLINE or ';'")]
    [InlineData("a=1 b=2", "f:1: config parsing error near `b': syntax error, unexpected IDENT, expecting $end")]
    [InlineData("a=['x' 'y']", "f:1: config parsing error near `'y'': syntax error, unexpected STRING, expecting ']'")]
    [InlineData("a=[,]", "f:1: config parsing error near `,': syntax error, unexpected ',', expecting ']'")]
    [InlineData("a=['x'\n", "f:1: config parsing error near `': syntax error, unexpected $end, expecting ']'")]
    [InlineData("a=['x';]", "f:1: config parsing error near `;': syntax error, unexpected ';', expecting ']'")]
    [InlineData("a+1", "f:1: config parsing error near `+1': lexical error")]
    [InlineData("a=-1\n", "f:1: config parsing error near `-1': lexical error")]
    [InlineData("a=\\\n1\n", "f:1: config parsing error near `\\': lexical error")]
    [InlineData("a=1\r\n", "f:1: config parsing error near `\r': lexical error")]
    [InlineData("A=1\n", "f:1: config parsing error near `A=1': lexical error")]
    [InlineData("a=\"x'\n", "f:1: config parsing error near `\"x'': lexical error")]
    [InlineData("a=1 # open end", "f:1: config parsing error near `#': lexical error")]
    [InlineData("a='\\x41'\n", "f:1: config parsing error near `'\\x41'': invalid digit after backslash hexnumerical character escape in quoted string")]
    [InlineData("a='\\0'\n", "f:1: config parsing error near `'\\0'': invalid digit after backslash octalnumerical character escape in quoted string")]
    [InlineData("a='\\q'\n", "f:1: config parsing error near `'\\q'': invalid character after backlash in quoted string")]
    [InlineData("a='x'\na+=['y']\n", "f:2: config parsing error near `]': can't add [list] to \"string\" or vice versa")]
    public void Reports_an_error_in_the_words_of_xl(string text, string error)
    {
        var file = XlParser.Parse(text, "f");

        Assert.False(file.IsValid);
        Assert.Equal(error, file.Diagnostics[0].Text);
        Assert.Equal("Failed to parse config: Invalid argument", file.Diagnostics[^1].Text);
    }

    [Fact]
    public void An_error_on_a_newline_has_its_true_position_beside_the_line_that_xl_counts()
    {
        var error = XlParser.Parse("x=1\nabc\n", "f").Diagnostics[0];

        Assert.Equal("f:1: config parsing error near <newline>: syntax error, unexpected NEWLINE, expecting += or '='", error.Text);
        Assert.Equal(new SourcePosition(2, 4), error.Position);
    }

    [Fact]
    public void Python_gets_the_advice_of_xl()
    {
        var file = XlParser.Parse("import os.path\nname = os.environ('X')\nkernel = 'k'\n", "f");

        Assert.Equal(
            [
                "f:1: config parsing error near `os.path': syntax error, unexpected IDENT, expecting += or '='",
                "f:2: config parsing error near `os.environ': syntax error, unexpected IDENT, expecting STRING or NUMBER or '['",
                "f:2: config parsing error near `('X')': lexical error",
                "warning: Config file looks like it contains Python code.",
                "warning:  Arbitrary Python is no longer supported.",
                "warning:  See https://wiki.xen.org/wiki/PythonInXlConfig",
                "Failed to parse config: Invalid argument",
            ],
            file.Diagnostics.Select(line => line.Text));
    }

    [Fact]
    public void Several_errors_are_reported_once_three_tokens_have_fitted_between_them()
    {
        var near = XlParser.Parse("a=]\nb ]\n", "f");
        var apart = XlParser.Parse("a=]\nb=1\nc=]\n", "f");

        Assert.Equal(2, near.Diagnostics.Count);
        Assert.Equal(3, apart.Diagnostics.Count);
    }

    [Fact]
    public void A_million_brackets_end_as_the_parser_stack_of_xl_ends()
    {
        var file = XlParser.Parse("a=" + new string('[', 1_000_000), "f");

        Assert.Equal("f:1: config parsing error near `[': memory exhausted", file.Diagnostics[0].Text);
    }

    [Fact]
    public void Settings_keep_their_order_with_line_and_column()
    {
        var file = XlParser.Parse("b=1\n  a =\t2 ; c=[\n'x']\n", "f");

        Assert.Equal(["b", "a", "c"], file.Settings.Select(setting => setting.Key));
        Assert.Equal(new SourcePosition(2, 3), file.Settings[1].Position);
        Assert.Equal(new SourcePosition(2, 7), file.Settings[1].Value.Position);
        Assert.Equal(new SourcePosition(2, 13), file.Settings[2].Value.Position);
        Assert.Equal(new SourcePosition(3, 1), Assert.IsType<XlList>(file.Settings[2].Value).Items[0].Position);
    }

    private static string Show(XlValue value) => value switch
    {
        XlString text => text.Text,
        XlList list => $"[{string.Join(',', list.Items.Select(Show))}]",
        _ => throw new InvalidOperationException(),
    };
}
