package org.rgflow.kernels;

import com.sun.source.tree.AssignmentTree;
import com.sun.source.tree.BinaryTree;
import com.sun.source.tree.BlockTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.CompoundAssignmentTree;
import com.sun.source.tree.ConditionalExpressionTree;
import com.sun.source.tree.ExpressionStatementTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.IfTree;
import com.sun.source.tree.LambdaExpressionTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MemberReferenceTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.NewClassTree;
import com.sun.source.tree.ParenthesizedTree;
import com.sun.source.tree.StatementTree;
import com.sun.source.tree.SwitchTree;
import com.sun.source.tree.ThrowTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.Tree.Kind;
import com.sun.source.tree.TryTree;
import com.sun.source.tree.TypeCastTree;
import com.sun.source.tree.UnaryTree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.VariableElement;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.util.Elements;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.ToolProvider;

/**
 * Finds in kernel sources what TornadoVM refuses or, worse, compiles to something else. It reads the
 * syntax tree with its types, so comments, layout and imports do not matter.
 *
 * <p>Compiled to something else, silently (TornadoVM 5.2):
 *
 * <ul>
 *   <li>{@code >>>} is {@code >>};
 *   <li>{@code a && (b || c) ? k1 : k2} and nested conditions that select constants;
 *   <li>{@code x <= y ? 0 : 1} of floats becomes {@code x > y}, which NaN is not;
 *   <li>a local array that a helper method gets as an argument is addressed in bytes there;
 *   <li>a barrier that not all items of a group reach waits for ever, or for nothing.
 * </ul>
 *
 * <p>Names of kernels and of their parameters reach the OpenCL compiler, where some are taken.
 */
final class KernelLint {
  /** Methods without a counterpart in TornadoVM's compilers, or with a wrong one. */
  private static final Map<String, Set<String>> FORBIDDEN = Map.of(
      "java.lang.Math", Set.of("round", "floor", "ceil", "rint", "fma", "multiplyHigh", "unsignedMultiplyHigh",
          "floorMod", "floorDiv", "multiplyExact", "addExact", "subtractExact", "toIntExact", "getExponent", "ulp"),
      "java.lang.Integer", Set.of("compareUnsigned", "divideUnsigned", "remainderUnsigned", "numberOfLeadingZeros",
          "numberOfTrailingZeros", "rotateLeft", "rotateRight", "reverse", "reverseBytes", "highestOneBit"),
      "java.lang.Long", Set.of("compareUnsigned", "divideUnsigned", "remainderUnsigned", "numberOfLeadingZeros",
          "numberOfTrailingZeros", "rotateLeft", "rotateRight", "reverse", "reverseBytes", "highestOneBit"),
      "java.lang.Float", Set.of("floatToRawIntBits", "floatToIntBits", "intBitsToFloat", "isNaN", "isFinite",
          "isInfinite", "compare", "float16ToFloat", "floatToFloat16"),
      "java.lang.Double", Set.of("doubleToRawLongBits", "doubleToLongBits", "longBitsToDouble", "isNaN", "isFinite",
          "isInfinite", "compare"));

  private static final Set<Kind> ORDERINGS =
      Set.of(Kind.LESS_THAN, Kind.LESS_THAN_EQUAL, Kind.GREATER_THAN, Kind.GREATER_THAN_EQUAL);

  /** The first parameter of a method that TornadoVM calls on the device. */
  private static final String CONTEXT = "uk.ac.manchester.tornado.api.KernelContext";

  /** What Java allows as the name of a parameter and OpenCL C does not. */
  private static final Set<String> RESERVED = Set.of("auto", "bool", "constant", "complex", "event_t", "extern",
      "generic", "global", "half", "imaginary", "inline", "kernel", "local", "pipe", "quad", "read_only", "read_write",
      "register", "restrict", "sampler_t", "signed", "size_t", "sizeof", "struct", "typedef", "uchar", "uint", "ulong",
      "uniform", "union", "unsigned", "ushort", "write_only");

  /** Functions that OpenCL C has itself. */
  private static final Set<String> BUILT_IN = Set.of("abs", "add_sat", "all", "any", "barrier", "bitselect", "cbrt",
      "ceil", "clamp", "clz", "copysign", "cos", "cross", "degrees", "distance", "dot", "exp", "exp2", "fabs",
      "fast_length", "floor", "fma", "fmax", "fmin", "fmod", "hypot", "isfinite", "isinf", "isnan", "length", "log",
      "log2", "mad", "max", "min", "mix", "normalize", "popcount", "pow", "powr", "prefetch", "printf", "radians",
      "remainder", "rint", "rotate", "round", "rsqrt", "select", "shuffle", "sign", "signbit", "sin", "sinh",
      "smoothstep", "sqrt", "step", "tan", "tanh", "trunc", "upsample");

  private KernelLint() {}

  /**
   * The findings in some sources, one line each, that begin with the file and line.
   *
   * @throws IllegalArgumentException if the sources do not compile
   */
  static List<String> check(Iterable<? extends JavaFileObject> sources) {
    DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
    JavacTask task = (JavacTask) ToolProvider.getSystemJavaCompiler()
        .getTask(null, null, diagnostics, List.of("-proc:none"), null, sources);
    List<String> findings = new ArrayList<>();
    try {
      List<CompilationUnitTree> units = new ArrayList<>();
      task.parse().forEach(units::add);
      task.analyze();
      for (Diagnostic<? extends JavaFileObject> diagnostic : diagnostics.getDiagnostics()) {
        if (diagnostic.getKind() == Diagnostic.Kind.ERROR) {
          throw new IllegalArgumentException(diagnostic.toString());
        }
      }
      for (CompilationUnitTree unit : units) {
        new Scanner(unit, Trees.instance(task), task.getElements(), findings).scan(unit, null);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return findings;
  }

  private static final class Scanner extends TreePathScanner<Void, Void> {
    private final CompilationUnitTree unit;
    private final Trees trees;
    private final Elements elements;
    private final List<String> findings;
    /** Variables that hold arrays in local memory. */
    private final Set<Element> localArrays = new HashSet<>();

    Scanner(CompilationUnitTree unit, Trees trees, Elements elements, List<String> findings) {
      this.unit = unit;
      this.trees = trees;
      this.elements = elements;
      this.findings = findings;
    }

    private void report(Tree tree, String what) {
      long position = trees.getSourcePositions().getStartPosition(unit, tree);
      String file = unit.getSourceFile().getName();
      findings.add(file.substring(file.lastIndexOf('/') + 1) + ":" + unit.getLineMap().getLineNumber(position) + ": "
          + what);
    }

    @Override
    public Void visitBinary(BinaryTree tree, Void unused) {
      if (tree.getKind() == Kind.UNSIGNED_RIGHT_SHIFT && !masked(getCurrentPath())) {
        report(tree, ">>> is compiled as >>: mask what it shifts in, (x >> 8) & 0x00FFFFFF");
      }
      return super.visitBinary(tree, unused);
    }

    /** Whether a shift is an operand of &amp;, parentheses and casts aside. */
    private static boolean masked(TreePath shift) {
      TreePath parent = shift.getParentPath();
      while (parent.getLeaf() instanceof ParenthesizedTree || parent.getLeaf() instanceof TypeCastTree) {
        parent = parent.getParentPath();
      }
      return parent.getLeaf().getKind() == Kind.AND;
    }

    @Override
    public Void visitCompoundAssignment(CompoundAssignmentTree tree, Void unused) {
      if (tree.getKind() == Kind.UNSIGNED_RIGHT_SHIFT_ASSIGNMENT) {
        report(tree, ">>>= is compiled as >>=: mask what it shifts in");
      }
      return super.visitCompoundAssignment(tree, unused);
    }

    @Override
    public Void visitMethod(MethodTree tree, Void unused) {
      if (trees.getElement(getCurrentPath()) instanceof ExecutableElement method && !method.getParameters().isEmpty()
          && method.getParameters().getFirst().asType().toString().equals(CONTEXT)) {
        String name = method.getSimpleName().toString();
        if (BUILT_IN.contains(name)) {
          report(tree, name + " is a function of OpenCL C: give the kernel another name");
        }
        for (VariableElement parameter : method.getParameters()) {
          if (RESERVED.contains(parameter.getSimpleName().toString())) {
            report(tree, parameter + " is a word of OpenCL C: give the parameter another name");
          }
        }
      }
      return super.visitMethod(tree, unused);
    }

    @Override
    public Void visitMethodInvocation(MethodInvocationTree tree, Void unused) {
      for (ExpressionTree argument : tree.getArguments()) {
        if (localArrays.contains(trees.getElement(new TreePath(getCurrentPath(), argument)))) {
          report(tree, argument + " is in local memory, which a method that gets it addresses wrongly");
        }
      }
      if (trees.getElement(getCurrentPath()) instanceof ExecutableElement method) {
        if (method.getSimpleName().toString().endsWith("Barrier") && underACondition(getCurrentPath())) {
          report(tree, "a barrier under a condition: all items of a group reach it, or none");
        }
        String owner = method.getEnclosingElement().toString();
        String name = method.getSimpleName().toString();
        if (FORBIDDEN.getOrDefault(owner, Set.of()).contains(name)) {
          report(tree, owner + "." + name + " has no counterpart on the device");
        }
        if (owner.equals("java.lang.Math") && name.equals("abs") && isInteger(method.getParameters().getFirst())) {
          report(tree, "Math.abs of an integer does not compile on the device: use x < 0 ? -x : x");
        }
        if (owner.equals("java.lang.StrictMath")) {
          report(tree, "StrictMath has no counterpart on the device");
        }
        if (elements.getPackageOf(method).getQualifiedName().toString().startsWith("java.")
            && !Set.of("java.lang.Math", "java.lang.StrictMath", "java.lang.Integer", "java.lang.Long",
                "java.lang.Float", "java.lang.Double", "java.lang.Object").contains(owner)) {
          report(tree, owner + "." + name + ": kernels call nothing but arithmetic");
        }
      }
      return super.visitMethodInvocation(tree, unused);
    }

    private static boolean underACondition(TreePath path) {
      for (TreePath at = path; !(at.getLeaf() instanceof MethodTree); at = at.getParentPath()) {
        if (at.getLeaf() instanceof IfTree || at.getLeaf() instanceof SwitchTree) {
          return true;
        }
      }
      return false;
    }

    private static boolean isInteger(VariableElement parameter) {
      TypeKind kind = parameter.asType().getKind();
      return kind == TypeKind.INT || kind == TypeKind.LONG;
    }

    @Override
    public Void visitVariable(VariableTree tree, Void unused) {
      Element element = trees.getElement(getCurrentPath());
      if (tree.getInitializer() instanceof MethodInvocationTree call
          && call.getMethodSelect().toString().endsWith("LocalArray")) {
        localArrays.add(element);
      }
      if (element != null && element.getKind() == ElementKind.FIELD) {
        if (element.asType().getKind() == TypeKind.ARRAY) {
          report(tree, "a constant array does not reach the device: pass it as a buffer");
        } else if (!element.getModifiers().contains(Modifier.FINAL)) {
          report(tree, "a variable field does not reach the device");
        }
      }
      return super.visitVariable(tree, unused);
    }

    @Override
    public Void visitConditionalExpression(ConditionalExpressionTree tree, Void unused) {
      if (mixes(tree.getCondition()) && constant(tree.getTrueExpression()) && constant(tree.getFalseExpression())) {
        report(tree, "a && (b || c) ? k1 : k2 is compiled wrongly: use & and | on booleans, or 0/1 integers");
      }
      if (comparesFloats(tree.getCondition()) && zero(tree.getTrueExpression())
          && constant(tree.getFalseExpression())) {
        report(tree, "x <= y ? 0 : 1 is compiled to x > y, which loses NaN: write 1 where the condition holds");
      }
      return super.visitConditionalExpression(tree, unused);
    }

    @Override
    public Void visitIf(IfTree tree, Void unused) {
      boolean nested = single(tree.getThenStatement()) instanceof IfTree;
      if ((nested || mixes(tree.getCondition())) && selectsConstants(tree)) {
        report(tree, "nested conditions that select constants are compiled wrongly: use & and |, or 0/1 integers");
      }
      return super.visitIf(tree, unused);
    }

    /** Whether an if-statement, with those inside, does nothing but assign constants, in two branches at least. */
    private boolean selectsConstants(IfTree tree) {
      return tree.getElseStatement() != null
          && selected(tree.getThenStatement()) && selected(tree.getElseStatement());
    }

    private boolean selected(StatementTree branch) {
      return switch (single(branch)) {
        case IfTree inner -> selected(inner.getThenStatement())
            && (inner.getElseStatement() == null || selected(inner.getElseStatement()));
        case ExpressionStatementTree statement ->
            statement.getExpression() instanceof AssignmentTree assignment && constant(assignment.getExpression());
        case null, default -> false;
      };
    }

    private static StatementTree single(StatementTree statement) {
      if (statement instanceof BlockTree block) {
        return block.getStatements().size() == 1 ? single(block.getStatements().getFirst()) : null;
      }
      return statement;
    }

    /** Whether a condition contains both &amp;&amp; and ||. */
    private static boolean mixes(ExpressionTree condition) {
      Set<Kind> kinds = new HashSet<>();
      collect(condition, kinds);
      return kinds.contains(Kind.CONDITIONAL_AND) && kinds.contains(Kind.CONDITIONAL_OR);
    }

    private static void collect(ExpressionTree tree, Set<Kind> kinds) {
      switch (tree) {
        case ParenthesizedTree inner -> collect(inner.getExpression(), kinds);
        case BinaryTree binary -> {
          kinds.add(binary.getKind());
          collect(binary.getLeftOperand(), kinds);
          collect(binary.getRightOperand(), kinds);
        }
        default -> { }
      }
    }

    private boolean comparesFloats(ExpressionTree tree) {
      return switch (tree) {
        case ParenthesizedTree inner -> comparesFloats(inner.getExpression());
        case BinaryTree comparison when ORDERINGS.contains(comparison.getKind()) ->
            isFloat(comparison.getLeftOperand()) || isFloat(comparison.getRightOperand());
        default -> false;
      };
    }

    private boolean isFloat(ExpressionTree tree) {
      TypeMirror type = trees.getTypeMirror(new TreePath(getCurrentPath(), tree));
      return type != null && (type.getKind() == TypeKind.FLOAT || type.getKind() == TypeKind.DOUBLE);
    }

    private static boolean zero(ExpressionTree tree) {
      return switch (tree) {
        case ParenthesizedTree inner -> zero(inner.getExpression());
        case LiteralTree literal -> literal.getValue() instanceof Number number && number.doubleValue() == 0;
        default -> false;
      };
    }

    private boolean constant(ExpressionTree tree) {
      return switch (tree) {
        case ParenthesizedTree inner -> constant(inner.getExpression());
        case TypeCastTree cast -> constant(cast.getExpression());
        case UnaryTree unary -> constant(unary.getExpression());
        case LiteralTree literal -> true;
        case IdentifierTree name -> trees.getElement(new TreePath(getCurrentPath(), name))
            instanceof VariableElement variable && variable.getConstantValue() != null;
        default -> false;
      };
    }

    @Override
    public Void visitNewClass(NewClassTree tree, Void unused) {
      report(tree, "a kernel makes no objects");
      return super.visitNewClass(tree, unused);
    }

    @Override
    public Void visitThrow(ThrowTree tree, Void unused) {
      report(tree, "a kernel throws no exceptions");
      return super.visitThrow(tree, unused);
    }

    @Override
    public Void visitTry(TryTree tree, Void unused) {
      report(tree, "a kernel catches no exceptions");
      return super.visitTry(tree, unused);
    }

    @Override
    public Void visitLambdaExpression(LambdaExpressionTree tree, Void unused) {
      report(tree, "a kernel has no lambdas");
      return super.visitLambdaExpression(tree, unused);
    }

    @Override
    public Void visitMemberReference(MemberReferenceTree tree, Void unused) {
      report(tree, "a kernel has no method references");
      return super.visitMemberReference(tree, unused);
    }
  }
}
