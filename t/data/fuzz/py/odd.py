class A: x = 1; y = 0o17
def f():
  pass
z = (
  1 # c
)
